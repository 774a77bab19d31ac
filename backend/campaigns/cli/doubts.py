"""`doubts` and `resolve`: what left without an answer, and what a person decides about it."""

from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from campaigns.cli.campaigns import me
from campaigns.cli.console import as_json, out, refusing
from campaigns.cli.options import Book, Data, Json, Today, given, house
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import MessageStatus

MOST = 500


class Decision(StrEnum):
    """What a person may decide about a message."""

    WAS_SENT = "was_sent"
    SEND_AGAIN = "send_again"
    GIVE_UP = "give_up"


DECIDED = {
    Decision.WAS_SENT: MessageStatus.ACCEPTED,
    Decision.SEND_AGAIN: MessageStatus.QUEUED,
    Decision.GIVE_UP: MessageStatus.FAILED,
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (doubts, resolve):
        app.command(name=command.__name__)(refusing(command))


def doubts(
    campaign: Annotated[str | None, typer.Argument(help="Only this campaign's.")] = None,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Show messages that left and were never answered for."""
    from campaigns.api import expected

    with house(given(book, data, today)) as services:
        found = services.outlook.doubts(MOST, CampaignId(campaign) if campaign else None)
    if json:
        as_json(expected.doubts(found).model_dump(mode="json"))
        return
    table = Table("Message", "Campaign", "Customer", "To", "Since", "Why", box=None, pad_edge=False)
    for m in found:
        since = f"{m.updated_at:%Y-%m-%d %H:%M}Z" if m.updated_at else ""
        table.add_row(m.id, m.campaign_id, m.customer, m.address, since, m.reason or "")
    out.print(table)
    if found:
        out.print("Decide: campaigns resolve CAMPAIGN MESSAGE was_sent|send_again|give_up --why …")


def resolve(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN")],
    message: Annotated[str, typer.Argument(metavar="MESSAGE")],
    decision: Annotated[Decision, typer.Argument()],
    why: Annotated[str, typer.Option(help="How you know.")],
    book: Book = None,
    data: Data = None,
    today: Today = None,
) -> None:
    """Decide about a message in doubt or held."""
    with house(given(book, data, today)) as services:
        decided = services.sends.resolve(
            CampaignId(campaign), MessageId(message), DECIDED[decision], why, me()
        )
        out.print(f"{decided.id} is {decided.status.value}.")
