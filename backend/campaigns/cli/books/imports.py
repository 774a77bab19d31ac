"""`campaigns book import`: customers and contacts from other files, shown first."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from campaigns.cli.campaigns import me
from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.options import Book, Data, Json, given, house

if TYPE_CHECKING:
    from campaigns.orchestrator.importing import Report

SHOWN = 40


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(refusing(import_))


def import_(
    source: Annotated[
        Path, typer.Argument(help="A CSV table, or a folder of one-entry Markdown files.")
    ],
    column: Annotated[
        list[str] | None,
        typer.Option("--map", help='What a column is: --map "Hotel=name"; "=-" leaves it out.'),
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="Columns as they were saved under this name.")
    ] = None,
    save_profile: Annotated[
        str | None, typer.Option(help="Keep the columns under this name.")
    ] = None,
    create: Annotated[
        bool, typer.Option("--create", help="Add customers that no entry is like.")
    ] = False,
    theirs: Annotated[
        bool, typer.Option("--theirs", help="The file's value counts where the book says another.")
    ] = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write it; else it is only shown.")
    ] = False,
    book: Book = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Bring customers and contacts into the book; shows what that changes, writes with --apply."""
    from campaigns.api import imports as shapes
    from campaigns.orchestrator.importing import Choices

    said = dict(_pair(text) for text in column or ())
    choices = Choices(theirs=theirs, create=create)
    with house(given(book, data, None)) as services:
        imports = services.imports
        table = imports.read(source, said, profile)
        if apply:
            report = imports.apply(table, choices, me(), services.book.digest)
        else:
            report = imports.look(table, choices)
        if save_profile:
            imports.save_profile(save_profile, table.mapping)
    if json:
        as_json(shapes.report(report).model_dump(mode="json"))
    else:
        _show(report)


def _pair(text: str) -> tuple[str, str]:
    column, mark, field = text.rpartition("=")
    if not mark:
        raise typer.BadParameter(f'{text!r} is no column and field: write "Hotel=name"')
    return column.strip(), field.strip()


def _show(report: "Report") -> None:
    from campaigns.book.importing.compare import Fate

    for column, field in report.mapping.items():
        _line(f"column {column!r} is {field}")
    for column in report.unmapped:
        _line(f"column {column!r} is left out", "yellow")
    for item in report.items[:SHOWN]:
        has = f"{item.book!r} → " if item.book else ""
        why = f" ({item.why})" if item.why else ""
        _line(
            f"{item.fate.value}: {item.customer}, {item.field}: {has}{item.file!r}{why} "
            f"[{item.source}]"
        )
    if len(report.items) > SHOWN:
        _line(f"… and {len(report.items) - SHOWN} more (--json)")
    _show_undecided(report)
    counts = ", ".join(f"{len(found)} {fate.value}" for fate in Fate if (found := report.of(fate)))
    _line(
        f"{counts or 'Nothing new'}; {report.same} the same already; {len(report.near)} near, "
        f"{len(report.unmatched)} unknown."
    )
    if report.change is None:
        _line("Nothing was written. Write it with --apply.", "bold")
    else:
        _line(f"Written ({report.change.id}). Take it back with: campaigns book undo", "bold")


def _show_undecided(report: "Report") -> None:
    for near in report.near[:SHOWN]:
        perhaps = " or ".join(near.candidates) or "nobody"
        _line(f"for you to decide: {near.name} [{near.source}]: perhaps {perhaps}", "yellow")
    for one in report.unmatched[:SHOWN]:
        _line(f"no such customer: {one.name} [{one.source}]; --create adds it", "yellow")


def _line(text: str, style: str = "") -> None:
    from rich.markup import escape

    out.print(escape(text), style=style, highlight=False, soft_wrap=True)
