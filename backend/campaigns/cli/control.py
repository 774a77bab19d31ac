"""`reschedule`, `hold`, `pause` and `cancel`: a campaign timed, held or ended by a person."""

from typing import Annotated

import typer

from campaigns.cli.campaigns import Id, me
from campaigns.cli.console import out, refusing
from campaigns.cli.options import Book, Data, Simulate, Today, given, house
from campaigns.cli.times import Local, told, when
from campaigns.model.ids import CampaignId


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (reschedule, hold, pause, cancel):
        app.command(name=command.__name__)(refusing(command))


def reschedule(
    campaign: Id,
    at: Annotated[
        str | None,
        typer.Option(help="When, RFC 3339 with an offset; approved and waiting if absent."),
    ] = None,
    local: Local = False,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    simulate: Simulate = False,
) -> None:
    """Give a scheduled campaign another time, or none."""
    schedule_at, local_time = when(at, local=local)
    with house(given(book, data, today, simulate)) as services:
        done = services.sends.reschedule(CampaignId(campaign), schedule_at, me(), local_time)
        begins = f" for {done.schedule_at.isoformat()}" if done.schedule_at else ""
        out.print(f"{done.id} is {done.status.value}{begins}.")
        if done.schedule_at:
            out.print(told(services, done), highlight=False)


def hold(campaign: Id, book: Book = None, data: Data = None, today: Today = None) -> None:
    """Have a submitted campaign wait for `send` once approved, instead of going by itself."""
    with house(given(book, data, today)) as services:
        done = services.approvals.hold_back(CampaignId(campaign), me())
        out.print(f"{done.id} is {done.status.value}. Once approved it waits for campaigns send.")


def pause(campaign: Id, book: Book = None, data: Data = None, today: Today = None) -> None:
    """Stop before the next message."""
    with house(given(book, data, today)) as services:
        out.print(f"{services.sends.pause(CampaignId(campaign), me()).status.value}")


def cancel(campaign: Id, book: Book = None, data: Data = None, today: Today = None) -> None:
    """End a campaign: nothing that has not left will leave."""
    with house(given(book, data, today)) as services:
        out.print(f"{services.sends.cancel(CampaignId(campaign), me()).status.value}")
