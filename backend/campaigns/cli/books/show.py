"""`campaigns book show`: one customer, every value with where it comes from."""

from dataclasses import fields

import typer
from rich.table import Table

from campaigns.cli.books import check
from campaigns.cli.books.find import Name, path_of, record_of
from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.options import Book, Data, Json, given
from campaigns.model.customer import Customer, Known
from campaigns.model.standing import standing

HIDDEN = frozenset({"lines", "contacts", "issues", "line"})


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("show")(refusing(show))


def show(name: Name, book: Book = None, data: Data = None, json: Json = False) -> None:
    """Show one customer, every value with where it comes from; nothing private."""
    from campaigns import book as books
    from campaigns import settings
    from campaigns.api import shapes

    chosen = settings.read(**given(book, data, None))
    path = path_of(chosen)
    found = record_of(books.load(path), name)
    if json:
        shown = shapes.customer(found.customer, chosen.campaigns_high_value)
        as_json(shown.model_dump(mode="json"))
        return
    out.print(f"[bold]{found.customer.name}[/] ({found.customer.id}), {found.kind.value}")
    if found.why:
        out.print(found.why, style="dim")
    out.print(_values(found.customer))
    stands = standing(found.customer, chosen.campaigns_high_value)
    out.print(f"High-value: {stands.said} ({stands.why})", highlight=False)
    for contact in found.customer.contacts:
        addresses = ", ".join(f"{a.channel.value} {a.value}" for a in contact.addresses)
        out.print(f"{contact.role_written}: {contact.name or 'no name'}, {addresses}")
    for d in found.diagnostics:
        check.show(path, d)


def _values(customer: Customer) -> Table:
    table = Table("Field", "Value", "From", box=None, pad_edge=False)
    for field in fields(customer):
        value = getattr(customer, field.name)
        if field.name in HIDDEN or value in (None, (), ""):
            continue
        if isinstance(value, Known):
            origin = value.rule or value.source.value
            table.add_row(field.name, str(value.value), f"{origin} ({value.confidence:.0%})")
        else:
            shown = ", ".join(value) if isinstance(value, tuple) else str(value)
            table.add_row(field.name, shown, f"line {customer.line_of(field.name)}")
    return table
