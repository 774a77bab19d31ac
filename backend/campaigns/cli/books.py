"""`campaigns book ...`: look into the customer book, and change one line of it."""

from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.options import Book, Json
from campaigns.model.customer import Customer, Known
from campaigns.model.errors import NotFound
from campaigns.model.record import Book as CustomerBook
from campaigns.model.record import Diagnostic, Record, RecordKind, Severity

if TYPE_CHECKING:
    from campaigns.book import Change

app = typer.Typer(help="The customer book.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's name or id.")]
COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
HIDDEN = frozenset({"lines", "contacts", "issues", "line"})


def _path(book: Path | None) -> Path:
    from campaigns import settings
    from campaigns.bootstrap import sample_book

    return book or settings.read().campaigns_book or sample_book()


def _load(path: Path) -> CustomerBook:
    from campaigns import book as books

    return books.load(path)


def _record(book: CustomerBook, wanted: str) -> Record:
    from campaigns.model.fold import fold

    found = [
        r for r in book.records if wanted == r.customer.id or fold(wanted) == fold(r.customer.name)
    ]
    if len(found) > 1:
        ids = ", ".join(f"{r.customer.id} (line {r.first_line})" for r in found)
        raise NotFound(f"{wanted!r} names {len(found)} entries; use an id: {ids}")
    if not found:
        raise NotFound(f"There is no customer {wanted!r} in the book. Names are matched whole.")
    return found[0]


@app.command("check")
@refusing
def check(
    book: Book = None,
    json: Json = False,
    code: Annotated[str | None, typer.Option(help="Only remarks with this code.")] = None,
) -> None:
    """Say what is wrong with the book, like a linter; exit 1 when there are errors."""
    path = _path(book)
    read = _load(path)
    found = sorted(
        (d for d in [*read.diagnostics, *(d for r in read.records for d in r.diagnostics)]),
        key=lambda d: (d.line, d.code),
    )
    shown = [d for d in found if code is None or d.code == code]
    if json:
        as_json([_plain(d) for d in shown])
    else:
        for d in shown:
            _print(path, d)
        _summary(read, found)
    if any(d.severity is Severity.ERROR for d in found):
        raise typer.Exit(1)


def _print(path: Path, d: Diagnostic) -> None:
    out.print(
        f"{path.name}:{d.line}: [{COLOURS[d.severity]}]{d.severity.value}[/] "
        f"[bold]{d.code}[/] {d.message}",
        highlight=False,
        soft_wrap=True,
    )
    if d.suggestion:
        out.print(f"    → {d.suggestion}", style="dim", highlight=False, soft_wrap=True)


def _plain(d: Diagnostic) -> dict[str, object]:
    return {
        "code": d.code,
        "severity": d.severity.value,
        "line": d.line,
        "excerpt": d.excerpt,
        "message": d.message,
        "suggestion": d.suggestion,
    }


def _summary(read: CustomerBook, found: list[Diagnostic]) -> None:
    kinds = Counter(r.kind for r in read.records)
    others = ", ".join(
        f"{n} {kind.value.replace('_', ' ')}"
        for kind, n in kinds.items()
        if kind is not RecordKind.CUSTOMER
    )
    customers = read.customers
    reachable = sum(bool(c.contacts) for c in customers)
    out.print(
        f"\n{len(customers)} customers, {reachable} with an address; "
        f"not customers: {others or 'none'}; {len(found)} remarks.",
        highlight=False,
    )
    for first in read.suspicions[:10]:
        out.print(f"≈ perhaps one: {first.first} and {first.second}: {first.why}", style="yellow")


@app.command("show")
@refusing
def show(name: Name, book: Book = None, json: Json = False) -> None:
    """Show one customer, every value with where it comes from; nothing private."""
    from campaigns.api import shapes

    found = _record(_load(_path(book)), name)
    if json:
        as_json(shapes.customer(found.customer).model_dump(mode="json"))
        return
    out.print(f"[bold]{found.customer.name}[/] ({found.customer.id}), {found.kind.value}")
    if found.why:
        out.print(found.why, style="dim")
    out.print(_values(found.customer))
    for contact in found.customer.contacts:
        addresses = ", ".join(f"{a.channel.value} {a.value}" for a in contact.addresses)
        out.print(f"{contact.role_written}: {contact.name or 'no name'}, {addresses}")
    for d in found.diagnostics:
        _print(Path("line"), d)


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


@app.command("set")
@refusing
def set_value(
    name: Name,
    field: Annotated[str, typer.Argument(help='The field, such as City or "Contract End".')],
    value: Annotated[str, typer.Argument()],
    book: Book = None,
) -> None:
    """Change one line of the book and no other byte; a backup is kept."""
    from campaigns import book as books

    path = _path(book)
    read, digest = books.load_with_digest(path)
    found = _record(read, name)
    _changed(path, books.set_field(path, found.customer.id, field, value, digest))


@app.command("annotate")
@refusing
def annotate(
    name: Name,
    field: Annotated[str, typer.Argument(help="Brand, City, Country, Region, ...")],
    book: Book = None,
) -> None:
    """Accept an inferred value into the book, as a line of its own."""
    from campaigns import book as books

    path = _path(book)
    read, digest = books.load_with_digest(path)
    found = _record(read, name)
    _changed(path, books.accept_inference(path, found.customer.id, field, digest))


def _changed(path: Path, change: "Change") -> None:
    if change.before is not None:
        out.print(f"{path.name}:{change.line}: - {change.before}", style="red", highlight=False)
    out.print(f"{path.name}:{change.line}: + {change.text}", style="green", highlight=False)
    out.print(f"The file before is kept as {path.name}.bak", style="dim")
