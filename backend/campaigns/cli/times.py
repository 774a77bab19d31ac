"""Times as they are given on the command line: instants, or by each customer's own clock."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

from campaigns.model.campaign import Campaign, LocalTime

if TYPE_CHECKING:
    from campaigns.bootstrap import Services

Local = Annotated[
    bool,
    typer.Option(
        "--local",
        help="--at is by each customer's own clock: 10:00, or 2025-09-15T10:00 for the earliest day.",
    ),
]


def when(at: str | None, *, local: bool) -> tuple[datetime | None, LocalTime | None]:
    """Read `--at`: an instant, with `--local` a time by each customer's clock, without it neither."""
    if not local:
        return (instant(at) if at else None), None
    if at is None:
        raise typer.BadParameter("--local says how --at is meant: give one, such as --at 10:00")
    return None, local_time(at)


def instant(at: str) -> datetime:
    """Read a time that names its offset."""
    try:
        read = datetime.fromisoformat(at)
    except ValueError as error:
        way_out = "use 2025-09-15T10:00+07:00, or 10:00 with --local"
        raise typer.BadParameter(f"{at} is no time: {way_out}") from error
    if read.tzinfo is None:
        way_out = "use 2025-09-15T10:00+07:00, or --local for each customer's own clock"
        raise typer.BadParameter(f"{at} has no offset: {way_out}")
    return read


def local_time(at: str) -> LocalTime:
    """Read a time of day, or the earliest day with one, by each customer's own clock."""
    day, _, hour = at.rpartition("T")
    try:
        read = LocalTime(at=time.fromisoformat(hour), on=date.fromisoformat(day) if day else None)
    except ValueError as error:
        raise _no_local_time(at) from error
    if read.at.tzinfo is not None:
        raise _no_local_time(at)
    return replace(read, at=read.at.replace(second=0, microsecond=0))


def _no_local_time(at: str) -> typer.BadParameter:
    way_out = "by each customer's own clock use 10:00 or 2025-09-15T10:00"
    return typer.BadParameter(f"{at} is no time without an offset: {way_out}")


def time_of_day(at: str) -> time:
    """Read a time of day."""
    return local_time(at).at


def told(services: "Services", campaign: Campaign) -> str:
    """Return when a campaign that has not begun leaves, "" when it has no time of its own."""
    from campaigns.cli import show

    pace = services.outlook.leaves(campaign)
    return show.leaves(pace) if pace else ""
