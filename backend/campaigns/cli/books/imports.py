"""`campaigns book import`: customers and contacts from other files, shown first."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from campaigns.cli.campaigns import me
from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.options import Book, Data, Json, given, house
from campaigns.model.ids import CustomerId

if TYPE_CHECKING:
    from campaigns.orchestrator.importing import Report

SHOWN = 40


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(refusing(import_))
    app.command()(refusing(profiles))
    app.command()(refusing(origins))


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
    same: Annotated[
        list[str] | None,
        typer.Option("--is", help='Who a near name is: --is "Heron Hause=Heron House" (or an id).'),
    ] = None,
    new: Annotated[
        list[str] | None,
        typer.Option(
            "--new", help='A near name that is a customer of its own: --new "Heron Hause".'
        ),
    ] = None,
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
    with house(given(book, data, None)) as services:
        imports = services.imports
        decided = [_pair(text) for text in same or ()]
        matches: dict[str, CustomerId | None] = dict.fromkeys(new or ())
        matches |= {name: services.editing.find(wanted).id for name, wanted in decided}
        choices = Choices(theirs=theirs, create=create, matches=matches)
        table = imports.read(source, said, profile)
        if apply:
            report = imports.apply(table, choices, me(), services.book.digest)
        else:
            report = imports.look(table, choices)
        if save_profile:
            imports.profiles.save(save_profile, table.columns)
    if json:
        as_json(shapes.report(report).model_dump(mode="json"))
    else:
        _show(report)


def profiles(
    remove: Annotated[str | None, typer.Option(help="Forget the one of this name.")] = None,
    book: Book = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """List the saved mappings of columns, or remove one."""
    with house(given(book, data, None)) as services:
        kept = services.imports.profiles
        if remove is not None:
            kept.remove(remove)
            _line(f"{remove} is removed.")
            return
        found = kept.all()
    if json:
        as_json(found)
        return
    for name, mapping in found.items():
        _line(f"{name}: {', '.join(f'{column} = {field}' for column, field in mapping.items())}")
    if not found:
        _line("No profile is saved. Save one with: campaigns book import FILE --save-profile NAME")


def origins(
    name: Annotated[str, typer.Argument(metavar="CUSTOMER", help="Name or id.")],
    book: Book = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Say from which file and row each imported value of a customer came."""
    with house(given(book, data, None)) as services:
        found = services.imports.origins(services.editing.find(name).id)
    if json:
        from campaigns.api import imports as shapes

        as_json(shapes.origins(found).model_dump(mode="json"))
        return
    for o in found:
        _line(f"{o.field}: {o.value!r} from {o.source}, {o.at:%Y-%m-%d}")
    if not found:
        _line("Nothing of this customer was imported.")


def _pair(text: str) -> tuple[str, str]:
    one, mark, other = text.rpartition("=")
    if not mark:
        raise typer.BadParameter(f'{text!r} is no pair: write "Hotel=name"')
    return one.strip(), other.strip()


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
        _line(
            f"for you to decide (--is or --new): {near.name} [{near.source}]: perhaps {perhaps}",
            "yellow",
        )
    for one in report.unmatched[:SHOWN]:
        _line(f"no such customer: {one.name} [{one.source}]; --create adds it", "yellow")


def _line(text: str, style: str = "") -> None:
    from rich.markup import escape

    out.print(escape(text), style=style, highlight=False, soft_wrap=True)
