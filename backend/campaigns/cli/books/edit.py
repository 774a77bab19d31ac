"""`campaigns book set|annotate|mark|contact|merge|undo|changes`: change the book, and back."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from campaigns.cli.books.find import Name
from campaigns.cli.campaigns import me
from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.options import Book, Data, Json, given, house
from campaigns.model.change import Change, ChangeStatus, Hunk

if TYPE_CHECKING:
    from campaigns.bootstrap import Services


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("set")(refusing(set_value))
    for command in (annotate, mark, contact, merge, undo, changes):
        app.command(command.__name__)(refusing(command))


def set_value(
    name: Name,
    field: Annotated[str, typer.Argument(help='The field, such as City or "Contract End".')],
    value: Annotated[str, typer.Argument()],
    book: Book = None,
    data: Data = None,
) -> None:
    """Change one line of the book and no other byte; `campaigns book undo` takes it back."""
    with house(given(book, data, None)) as services:
        found = services.editing.find(name)
        _told(services, services.editing.set_values(found.id, {field: value}, me()))


def annotate(
    name: Name,
    field: Annotated[str, typer.Argument(help="Brand, City, Country, Region, ...")],
    book: Book = None,
    data: Data = None,
) -> None:
    """Accept an inferred value into the book, as a line of its own."""
    with house(given(book, data, None)) as services:
        found = services.editing.find(name)
        _told(services, services.editing.accept(found.id, field, me()))


def mark(
    name: Name,
    customer: Annotated[
        bool, typer.Option("--customer/--not-customer", help="What the entry is.")
    ] = False,
    book: Book = None,
    data: Data = None,
) -> None:
    """Say that an entry is not a customer (or that it is one, with --customer)."""
    with house(given(book, data, None)) as services:
        found = services.editing.find(name)
        _told(services, services.editing.mark(found.id, me(), is_customer=customer))


def contact(
    name: Name,
    role: Annotated[str, typer.Argument(help='The role, such as "General Manager".')],
    person: Annotated[str | None, typer.Option("--name", help="The person's name.")] = None,
    email: Annotated[str | None, typer.Option(help="E-mail address.")] = None,
    phone: Annotated[str | None, typer.Option(help="Mobile number with country code.")] = None,
    line: Annotated[str | None, typer.Option("--line", help="LINE user id.")] = None,
    preferred: Annotated[str | None, typer.Option(help="WhatsApp, LINE or Email.")] = None,
    notes: Annotated[str | None, typer.Option(help="A private note.")] = None,
    replaces: Annotated[
        str | None, typer.Option(help="Whose place this person takes; their addresses go.")
    ] = None,
    book: Book = None,
    data: Data = None,
) -> None:
    """Add a contact to a customer, or change the one of that role."""
    from campaigns.book.edits.people import Person

    given_lines = {
        "email": email, "phone": phone, "line": line, "preferred": preferred, "notes": notes
    }  # fmt: skip
    lines = {key: value for key, value in given_lines.items() if value is not None}
    wanted = Person(role=role, name=person, lines=lines, replaces=replaces)
    with house(given(book, data, None)) as services:
        found = services.editing.find(name)
        _told(services, services.editing.put_contact(found.id, wanted, me()))


def merge(
    name: Name,
    other: Annotated[str, typer.Argument(help="The entry that goes into the first.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show it.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Also when the two contradict; the first stays.")
    ] = False,
    book: Book = None,
    data: Data = None,
) -> None:
    """Merge a suspected duplicate into its partner: nothing it says is lost, its lines go."""
    with house(given(book, data, None)) as services:
        into, from_ = services.editing.find(name), services.editing.find(other)
        seen = services.editing.merge(into.id, from_.id, me(), dry_run=True)
        for c in seen.conflicts:
            out.print(
                f"{c.field}: [bold]{_plain(c.kept)}[/] stays, {_plain(c.noted)} goes into the notes",
                highlight=False,
            )
        if dry_run:
            _show(services.book.path.name, seen.hunks)
            return
        expected = services.book.digest
        done = services.editing.merge(into.id, from_.id, me(), expected, contradicting=yes)
        if done.change is not None:
            _told(services, done.change)


def undo(
    change_id: Annotated[
        str | None, typer.Argument(help="Which change; the last one when left out.")
    ] = None,
    book: Book = None,
    data: Data = None,
) -> None:
    """Take the last change back, or the one named."""
    with house(given(book, data, None)) as services:
        _told(services, services.editing.undo(me(), change_id))


def changes(
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many.")] = 20,
    book: Book = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """List what was changed in the book, newest first."""
    from campaigns.api import book_shapes

    with house(given(book, data, None)) as services:
        found, _ = services.editing.changes("", limit)
        if json:
            as_json([book_shapes.change(c).model_dump(mode="json") for c in found])
            return
        for c in found:
            stands = "" if c.status is ChangeStatus.DONE else f" ({c.status.value})"
            line = f"{c.id}  {c.at:%Y-%m-%d %H:%M} UTC  {c.actor}: {c.action} {c.subject}{stands}"
            out.print(_plain(line), highlight=False, soft_wrap=True)


def _told(services: "Services", change: Change) -> None:
    if change.status is ChangeStatus.DROPPED:
        out.print("The book says that already; nothing was written.")
        return
    _show(services.book.path.name, change.hunks)
    out.print(f"Changed ({change.id}). Take it back with: campaigns book undo", style="dim")


def _show(file: str, hunks: Sequence[Hunk]) -> None:
    """Print the lines out and in as a diff does; private ones are shown: it is the owner's file."""
    shift = 0
    for hunk in hunks:
        _lines(file, hunk.line, "-", hunk.before, "red")
        _lines(file, hunk.line + shift, "+", hunk.after, "green")
        shift += len(hunk.after) - len(hunk.before)


def _lines(file: str, first: int, sign: str, lines: Iterable[str], style: str) -> None:
    for number, line in enumerate(lines, start=first):
        text = f"{file}:{number}: {sign} {line.rstrip()}"
        out.print(_plain(text), style=style, highlight=False, soft_wrap=True)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)
