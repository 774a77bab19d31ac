"""`campaigns book explain`: why each value of a customer is what it is."""

from dataclasses import asdict

import typer

from campaigns.cli.books.find import Name, path_of, record_of
from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.options import Book, Data, Json, given


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(refusing(explain))


def explain(name: Name, book: Book = None, data: Data = None, json: Json = False) -> None:
    """Say why each value is what it is, the list it comes from, and how to change it."""
    from rich.markup import escape

    from campaigns import book as books
    from campaigns import settings
    from campaigns.book import explain as explaining

    path = path_of(settings.read(**given(book, data, None)))
    found = record_of(books.load(path), name)
    told = list(explaining.explain(found))
    if json:
        as_json([asdict(e) for e in told])
        return
    out.print(f"[bold]{escape(found.customer.name)}[/] ({found.customer.id})", highlight=False)
    for e in told:
        sure = f" [dim]({e.confidence:.0%})[/]" if e.confidence is not None else ""
        value = f"[green]{escape(e.value)}[/]" if e.value else "[yellow]unknown[/]"
        out.print(f"{e.field}: {value}{sure}", highlight=False, soft_wrap=True)
        out.print(f"    {escape(e.why)}", highlight=False, soft_wrap=True)
        out.print(f"    [dim]→ {escape(e.change)}[/]", highlight=False, soft_wrap=True)
