"""`campaigns book set|annotate`: change one line of the book and no other byte."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from campaigns.cli.books.find import Name, path_of, record_of
from campaigns.cli.console import out, refusing
from campaigns.cli.options import Book, given

if TYPE_CHECKING:
    from campaigns.book import Change


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("set")(refusing(set_value))
    app.command("annotate")(refusing(annotate))


def set_value(
    name: Name,
    field: Annotated[str, typer.Argument(help='The field, such as City or "Contract End".')],
    value: Annotated[str, typer.Argument()],
    book: Book = None,
) -> None:
    """Change one line of the book and no other byte; a backup is kept."""
    from campaigns import book as books
    from campaigns import settings

    path = path_of(settings.read(**given(book, None, None)))
    read, digest = books.load_with_digest(path)
    found = record_of(read, name)
    _changed(path, books.set_field(path, found.customer.id, field, value, digest))


def annotate(
    name: Name,
    field: Annotated[str, typer.Argument(help="Brand, City, Country, Region, ...")],
    book: Book = None,
) -> None:
    """Accept an inferred value into the book, as a line of its own."""
    from campaigns import book as books
    from campaigns import settings

    path = path_of(settings.read(**given(book, None, None)))
    read, digest = books.load_with_digest(path)
    found = record_of(read, name)
    _changed(path, books.accept_inference(path, found.customer.id, field, digest))


def _changed(path: Path, change: "Change") -> None:
    if change.before is not None:
        out.print(f"{path.name}:{change.line}: - {change.before}", style="red", highlight=False)
    out.print(f"{path.name}:{change.line}: + {change.text}", style="green", highlight=False)
    out.print(f"The file before is kept as {path.name}.bak", style="dim")
