"""`ai`: the lines a reply's confidence must reach, refitted from what people corrected."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from campaigns.cli.campaigns import me
from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.options import Data, Json, given, house
from campaigns.model.calibration import Figures, LinesSet, Score
from campaigns.model.reply import Intent

if TYPE_CHECKING:
    from campaigns.orchestrator.calibration import Refit

app = typer.Typer(help="How replies are read, and by which lines.", no_args_is_help=True)


@app.command("refit")
@refusing
def refit(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it; change nothing.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Fit the lines to the corrections people made; servers and workers use them at once."""
    with house(given(None, data, None)) as services:
        found = services.calibration.refit(me(), dry_run=dry_run)
    if json:
        as_json(_refit_as_data(found))
        return
    for name, before, after in (
        ("Corrected replies", found.before, found.after),
        ("Our own cases", found.own_before, found.own_after),
    ):
        if before.all.cases:
            out.print(_compared(name, before, after))
    if found.corrections:
        out.print(
            f"{found.corrections} corrections, {found.decided_by_line} of them decided by a line. "
            "Each is judged by lines fitted without it.",
            highlight=False,
        )
    out.print(found.verdict, highlight=False)
    if found.number is not None:
        out.print(f"In force as lines {found.number}. Back: campaigns ai revert", highlight=False)


def _compared(name: str, before: Figures, after: Figures) -> Table:
    table = Table(name, "n", "right", "handed", "missed", box=None, pad_edge=False)
    for intent, score in before.by_intent.items():
        table.add_row(intent.value, str(score.cases), *_pair(score, after.by_intent[intent]))
    table.add_row("all", str(before.all.cases), *_pair(before.all, after.all), style="bold")
    missed = f"{before.missed_opt_outs} → {after.missed_opt_outs}"
    table.add_row("opt-outs missed", "", "", "", missed)
    yes = f"{before.false_yes} → {after.false_yes}"
    table.add_row("refusals, complaints as yes", "", "", "", yes)
    return table


def _pair(before: Score, after: Score) -> tuple[str, str, str]:
    return (
        f"{before.right} → {after.right}",
        f"{before.handed} → {after.handed}",
        f"{before.wrong} → {after.wrong}",
    )


def _refit_as_data(found: "Refit") -> dict[str, object]:
    return {
        "corrections": found.corrections,
        "decided_by_line": found.decided_by_line,
        "verdict": found.verdict,
        "number": found.number,
        "lines": {
            i.value: {"before": found.now.line(i), "after": found.fitted.line(i)} for i in Intent
        },
        "corrected_replies": _figures_as_data(found.before, found.after),
        "own_cases": _figures_as_data(found.own_before, found.own_after),
    }


def _figures_as_data(before: Figures, after: Figures) -> dict[str, object]:
    return {
        name: {
            **_score_as_data(f.all),
            "missed_opt_outs": f.missed_opt_outs,
            "false_yes": f.false_yes,
            "by_intent": {i.value: _score_as_data(score) for i, score in f.by_intent.items()},
        }
        for name, f in (("before", before), ("after", after))
    }


def _score_as_data(score: Score) -> dict[str, int]:
    return {
        "cases": score.cases,
        "right": score.right,
        "handed": score.handed,
        "missed": score.wrong,
    }


@app.command("lines")
@refusing
def lines(data: Data = None, json: Json = False) -> None:
    """List the lines that were ever in force; the last ones hold."""
    with house(given(None, data, None)) as services:
        past = services.calibration.history()
    if json:
        as_json([_as_data(kept) for kept in past])
    elif not past:
        out.print("The lines are as shipped: nothing was ever refitted.", highlight=False)
    else:
        table = Table("No", "Since", "By", "How", "Corrections", "Lines", box=None, pad_edge=False)
        for k in past:
            row = (str(k.number), f"{k.at:%Y-%m-%d %H:%M}", k.by, k.how, str(k.corrections))
            table.add_row(*row, _words(k))
        out.print(table)


@app.command("revert")
@refusing
def revert(
    to: Annotated[
        int | None,
        typer.Option(min=0, help="Which lines; 0 as shipped. The ones before if absent."),
    ] = None,
    data: Data = None,
) -> None:
    """Have earlier lines hold again."""
    with house(given(None, data, None)) as services:
        kept = services.calibration.revert(me(), to)
    out.print(f"Lines {kept.number} hold now: {_words(kept)}.", highlight=False)


def _words(kept: LinesSet) -> str:
    moved = ", ".join(f"{i.value} {line:.2f}" for i, line in kept.lines.of.items())
    rest = f"{kept.lines.shipped:.2f}"
    return f"{moved}, others {rest}" if moved else f"{rest} for all, as shipped"


def _as_data(kept: LinesSet) -> dict[str, object]:
    return {
        "number": kept.number,
        "at": kept.at.isoformat(),
        "by": kept.by,
        "how": kept.how,
        "corrections": kept.corrections,
        "lines": {i.value: kept.lines.line(i) for i in Intent},
    }
