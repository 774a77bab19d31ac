"""`individual`: texts of their own for single customers, each looked at before submitting."""

from typing import TYPE_CHECKING, Annotated

import typer

from campaigns.cli.campaigns import Id, me
from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.options import Book, Data, Json, Today, given, house
from campaigns.model.ids import CampaignId, CustomerId, MessageId
from campaigns.model.wording import plural

if TYPE_CHECKING:
    from campaigns.orchestrator.individual import Alone

app = typer.Typer(help="Texts of their own for single customers.", no_args_is_help=True)
Customers = Annotated[
    list[str] | None, typer.Argument(help="Their ids; none takes all back.", metavar="[CUSTOMER]…")
]


@app.command("set")
@refusing
def choose(
    campaign: Id,
    customers: Customers = None,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Have a model write to these customers one by one, from their own facts."""
    chosen = [CustomerId(customer) for customer in customers or []]
    with house(given(book, data, today)) as services:
        _print(services.individual.set(CampaignId(campaign), chosen, me()), json=json)


@app.command("show")
@refusing
def show(
    campaign: Id, book: Book = None, data: Data = None, today: Today = None, json: Json = False
) -> None:
    """Show every message that somebody has to look at by itself."""
    with house(given(book, data, today)) as services:
        _print(services.individual.get(CampaignId(campaign)), json=json)


@app.command("review")
@refusing
def review(
    campaign: Id,
    message: Annotated[str, typer.Argument(help="The message's id.")],
    book: Book = None,
    data: Data = None,
    today: Today = None,
) -> None:
    """Note that you looked at a message as it reads now."""
    with house(given(book, data, today)) as services:
        seen = services.individual.review(CampaignId(campaign), MessageId(message), me())
        out.print(
            f"{seen.id} to {seen.customer}: looked at by {seen.reviewed_by}.", highlight=False
        )


def _print(found: "Alone", *, json: bool) -> None:
    from campaigns.api.individual import shown

    if json:
        as_json(shown(found).model_dump(mode="json"))
        return
    for m in found.messages:
        seen = f"looked at by {m.reviewed_by}" if m.reviewed_by else "not looked at yet"
        out.rule(f"{m.id} · {m.customer} · {m.channel.value} · {m.status.value} · {seen}")
        out.print(m.text, highlight=False, markup=False)
        if m.fallback:
            out.print(f"The house's own text: {m.fallback}", style="dim", highlight=False)
    told = plural(found.waiting, "message")
    out.print(f"{told} nobody looked at yet.", highlight=False)
