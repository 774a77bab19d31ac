"""`reschedule`, `pause` and `cancel`: a campaign under way, held or ended by a person."""

from typing import Annotated

import typer

from campaigns.cli.campaigns import Id, instant, me
from campaigns.cli.console import out, refusing
from campaigns.cli.options import Book, Data, Today, given, house
from campaigns.model.ids import CampaignId


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (reschedule, pause, cancel):
        app.command(name=command.__name__)(refusing(command))


def reschedule(
    campaign: Id,
    at: Annotated[
        str | None,
        typer.Option(help="When, RFC 3339 with an offset; approved and waiting if absent."),
    ] = None,
    book: Book = None,
    data: Data = None,
    today: Today = None,
) -> None:
    """Give a scheduled campaign another time, or none."""
    with house(given(book, data, today)) as services:
        done = services.sends.reschedule(CampaignId(campaign), instant(at), me())
        when = f" for {done.schedule_at.isoformat()}" if done.schedule_at else ""
        out.print(f"{done.id} is {done.status.value}{when}.")


def pause(campaign: Id, book: Book = None, data: Data = None, today: Today = None) -> None:
    """Stop before the next message."""
    with house(given(book, data, today)) as services:
        out.print(f"{services.sends.pause(CampaignId(campaign), me()).status.value}")


def cancel(campaign: Id, book: Book = None, data: Data = None, today: Today = None) -> None:
    """End a campaign: nothing that has not left will leave."""
    with house(given(book, data, today)) as services:
        out.print(f"{services.sends.cancel(CampaignId(campaign), me()).status.value}")
