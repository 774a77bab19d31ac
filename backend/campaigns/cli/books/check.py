"""`campaigns book check`: what is wrong with the book, and what to do first."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from campaigns.cli.books.find import path_of, today_of
from campaigns.cli.campaigns import me
from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.options import Book, Data, Json, Today, given, house
from campaigns.model.record import Diagnostic, RecordKind, Severity
from campaigns.model.wording import plural

if TYPE_CHECKING:
    from campaigns.book.summary import Summary

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
SHOWN = 10


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(refusing(check))


def check(
    book: Book = None,
    today: Today = None,
    json: Json = False,
    code: Annotated[str | None, typer.Option(help="Only remarks with this code.")] = None,
    severity: Annotated[
        Severity, typer.Option(help="Only remarks at least this bad.")
    ] = Severity.INFO,
    days: Annotated[int, typer.Option(min=0, help="How many days ahead is soon.")] = 90,
    brief: Annotated[bool, typer.Option("--brief", help="Only the summary.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="The whole lists.")] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="First put right what is safe: spaces, entities, ---.")
    ] = False,
    data: Data = None,
) -> None:
    """Say what is wrong with the book, like a linter; exit 1 when there are errors."""
    from campaigns import book as books
    from campaigns import settings
    from campaigns.book import summary as summaries

    chosen = settings.read(**given(book, data, today))
    path = path_of(chosen)
    fixed = _fix(given(book, data, today)) if fix else 0
    read = books.load(path)
    found = summaries.everything_said(read)
    summary = summaries.of_book(read, today_of(chosen), days)
    shown = [] if brief else _chosen(found, code, severity)
    if json:
        said = [_plain(d) for d in shown]
        as_json({"fixed": fixed, "summary": plain(summary), "diagnostics": said})
    else:
        if fix:
            _line(f"{fixed} lines put right." + (" campaigns book undo" if fixed else ""))
        for d in shown:
            show(path, d)
        _print(summary, None if everything else SHOWN)
    if summary.said(Severity.ERROR):
        raise typer.Exit(1)


def _fix(options: dict[str, Any]) -> int:
    """Put right what is safe; return how many lines that was."""
    with house(options) as services:
        change = services.editing.tidy(me())
    return sum(len(h.before) for h in change.hunks) if change else 0


def _chosen(found: Sequence[Diagnostic], code: str | None, least: Severity) -> list[Diagnostic]:
    order = list(Severity)
    bad_enough = order[: order.index(least) + 1]
    wanted = (d for d in found if d.severity in bad_enough and code in (None, d.code))
    return sorted(wanted, key=lambda d: (d.line, d.code))


def show(path: Path, d: Diagnostic) -> None:
    """Print one diagnostic as linters do."""
    out.print(
        f"{path.name}:{d.line}: [{COLOURS[d.severity]}]{d.severity.value}[/] "
        f"[bold]{d.code}[/] {_escaped(d.message)}",
        highlight=False,
        soft_wrap=True,
    )
    if d.suggestion:
        out.print(f"    → {_escaped(d.suggestion)}", style="dim", highlight=False, soft_wrap=True)


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _plain(d: Diagnostic) -> dict[str, object]:
    return {
        "code": d.code,
        "severity": d.severity.value,
        "line": d.line,
        "excerpt": d.excerpt,
        "message": d.message,
        "suggestion": d.suggestion,
    }


def plain(summary: "Summary") -> dict[str, object]:
    """Return a summary as JSON values."""
    from campaigns.api import book_shapes

    return book_shapes.summary(summary).model_dump(mode="json")


# --- the summary -------------------------------------------------------------------------------


def _print(s: "Summary", most: int | None) -> None:
    others = ", ".join(
        f"{n} {kind.value.replace('_', ' ')}"
        for kind, n in s.kinds.items()
        if kind is not RecordKind.CUSTOMER
    )
    share = f" ({s.reachable / s.customers:.0%})" if s.customers else ""
    _line(
        f"\n[bold]{plural(s.customers, 'customer')}[/], {s.reachable}{share} with an address to write to."
    )
    _line(f"Not customers: {others or 'none'}.")
    _print_ending(s, most)
    _print_missing(s)
    _print_remarks(s)
    for twins in s.suspicions[:most]:
        _line(f"[yellow]≈ perhaps one: {twins.first} and {twins.second}: {_escaped(twins.why)}[/]")
    if most is not None and len(s.suspicions) > most:
        _line(f"[yellow]≈ … and {len(s.suspicions) - most} more (--all)[/]")


def _print_ending(s: "Summary", most: int | None) -> None:
    if not s.ending_soon:
        _line(f"No contract ends within {s.days} days.")
        return
    _line(
        f"\n[bold]{len(s.ending)} of the {s.ending_soon} contracts that end within {s.days} days "
        "cannot be reached:[/]"
    )
    table = Table("Ends", "In days", "Customer", "Zones", "Named", "Line", box=None, pad_edge=False)
    for e in s.ending[:most]:
        named = f"{e.people} without address" if e.people else "nobody"
        zones = str(e.zones) if e.zones is not None else "?"
        table.add_row(str(e.contract_end), str(e.days), _escaped(e.name), zones, named, str(e.line))
    if s.ending:
        out.print(table)
    if most is not None and len(s.ending) > most:
        _line(f"… and {len(s.ending) - most} more (--all)")


def _print_missing(s: "Summary") -> None:
    if s.missing:
        _line("\n[bold]Missing:[/]")
    for m in s.missing:
        _line(f"{plural(m.customers, 'customer'):>16}: {m.words}; {m.meaning}")
        _line(f"{'':18}[dim]{_escaped(m.command)}[/]")


def _print_remarks(s: "Summary") -> None:
    counts = ", ".join(f"{s.said(severity)} {severity.value}s" for severity in Severity)
    _line(f"\nRemarks: {counts.replace('infos', 'for information')}.")
    worst = [r for r in s.remarks if r.severity is Severity.ERROR]
    for r in worst:
        _line(f"  [red]{r.code}[/]: {r.count}, first in line {r.first_line}")


def _line(text: str) -> None:
    out.print(text, highlight=False, soft_wrap=True)
