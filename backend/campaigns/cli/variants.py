"""`variants`: several texts tried on parts of one audience."""

import json as json_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from campaigns.cli.campaigns import Id, me
from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.options import Book, Data, Json, Today, given, house
from campaigns.model.ids import CampaignId
from campaigns.model.plan import Tone

if TYPE_CHECKING:
    from campaigns.orchestrator.variants import VariantFigures

app = typer.Typer(help="Several texts tried on parts of one audience.", no_args_is_help=True)


@app.command("set")
@refusing
def set_variants(
    campaign: Id,
    tone: Annotated[list[Tone] | None, typer.Option(help="A variant in this tone; repeat.")] = None,
    share: Annotated[list[int] | None, typer.Option(help="Its parts; repeat in order.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="JSON as POST …/variants takes it."),
    ] = None,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Write a campaign in two or more variants; each customer gets exactly one."""
    wanted = _wanted(tone or [], share or [], file)
    with house(given(book, data, today)) as services:
        _print(services.variants.set(CampaignId(campaign), wanted, me()), json=json)
        if not json:
            out.print(f"Next: campaigns preview {campaign}", highlight=False)


def _wanted(tones: list[Tone], shares: list[int], file: Path | None) -> list[dict[str, Any]]:
    if (file is None) is not bool(tones):
        raise typer.BadParameter("give two or more --tone, or one --file")
    if file is not None:
        return _read(file)
    if shares and len(shares) != len(tones):
        raise typer.BadParameter("give one --share for each --tone, or none")
    parts = shares or [1] * len(tones)
    return [{"tone": t.value, "share": n} for t, n in zip(tones, parts, strict=True)]


def _read(file: Path) -> list[dict[str, Any]]:
    """Read variants by the rules of the API, so that a mistake has the same name here."""
    from pydantic import ValidationError

    from campaigns.api.problems import pointer
    from campaigns.api.variants import VariantsIn
    from campaigns.model.errors import Fault, RequestInvalid

    try:
        whole = VariantsIn.model_validate(json_module.loads(file.read_text(encoding="utf-8")))
    except ValueError as error:
        if isinstance(error, ValidationError):
            faults = [Fault(pointer(("body", *e["loc"])), e["msg"]) for e in error.errors()]
            raise RequestInvalid(faults) from error
        raise RequestInvalid([Fault("", f"{file} is no JSON: {error}")]) from error
    return [v.model_dump(exclude_none=True, mode="json") for v in whole.variants]


@app.command("show")
@refusing
def show_variants(
    campaign: Id, book: Book = None, data: Data = None, today: Today = None, json: Json = False
) -> None:
    """Show what came of each variant, and whether a difference may be chance."""
    with house(given(book, data, today)) as services:
        _print(services.variants.figures(CampaignId(campaign)), json=json)


@app.command("remove")
@refusing
def remove(campaign: Id, book: Book = None, data: Data = None, today: Today = None) -> None:
    """Write a campaign in one text for all again."""
    with house(given(book, data, today)) as services:
        done = services.variants.remove(CampaignId(campaign), me())
        out.print(f"{done.id} has one text for all again.", highlight=False)


def _print(figures: "VariantFigures", *, json: bool) -> None:
    from campaigns.api.variants import shown

    if json:
        as_json(shown(figures).model_dump(mode="json"))
        return
    headings = ("Variant", "Customers", "Reached", "Replied", "Interested", "Converted")
    table = Table(*headings, box=None, pad_edge=False)
    for arm in figures.arms:
        counts = (arm.customers, arm.reached, arm.replied, arm.interested, arm.converted)
        table.add_row(f"{arm.variant.key} {arm.variant.name}", *map(str, counts))
    out.print(table)
    out.print(figures.statement or "This campaign has one text for all.", highlight=False)
