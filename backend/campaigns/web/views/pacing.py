"""When a campaign would leave, in words: the first and the last message, and day by day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from campaigns.model.campaign import Campaign
from campaigns.model.outlook import Departure, Pace
from campaigns.web import words

LIMIT = "the limit of "  # how the forecast begins to name one


def span(pace: Pace, now: datetime) -> str:
    """Return when the first and the last message leave, each by its customer's own clock.

    "First 10:00 Bangkok, last 12:00 Sydney"; "" when nothing can leave.
    """
    if not pace.departures:
        return ""
    first, last = pace.departures[0], pace.departures[-1]
    if pace.open_end:
        return f"First {_there(first, now)}; nobody can say when the last leaves"
    if (first.at, first.zone) == (last.at, last.zone):
        return f"All at {_there(first, now)}"
    return f"First {_there(first, now)}, last {_there(last, now)}"


def _there(departure: Departure, now: datetime) -> str:
    return f"{words.moment(departure.at, now, departure.zone)} {words.city(departure.zone)}"


@dataclass(frozen=True, slots=True)
class Day:
    """How many messages leave on one day, by the house's clock."""

    on: date
    messages: int

    def __str__(self) -> str:
        return f"{self.messages:,} on {self.on.day} {self.on:%b}"


def days(pace: Pace, zone: str) -> Sequence[Day]:
    """Return how many messages leave on each day, the first day first."""
    counts: Counter[date] = Counter()
    for departure in pace.departures:
        counts[departure.at.astimezone(ZoneInfo(zone)).date()] += departure.messages
    return [Day(on, n) for on, n in sorted(counts.items())]


def lasts(pace: Pace, zone: str) -> str:
    """Return how long the limits make a campaign take; "" when none of them holds it.

    "Takes 5 days at current limits", by the days of the house's calendar.
    """
    if not any(why.startswith(LIMIT) for why in pace.held_by):
        return ""
    if pace.open_end or not pace.departures:
        return "Takes longer than anybody can say at current limits"
    if pace.unlimited_at is not None and pace.departures[-1].at <= pace.unlimited_at:
        return ""  # hours of the day stretch it, not the limits
    found = days(pace, zone)
    whole = (found[-1].on - found[0].on).days + 1
    if whole > 1:
        return f"Takes {whole} days at current limits"
    passed = pace.departures[-1].at - pace.departures[0].at
    return f"Takes {words.lasting(passed.total_seconds())} at current limits" if passed else ""


def held(pace: Pace, zone: str) -> str:
    """Return what holds messages back; limits only where one of them makes it take longer."""
    limited = lasts(pace, zone)
    return " and ".join(why for why in pace.held_by if limited or not why.startswith(LIMIT))


def by_itself(campaign: Campaign) -> str:
    """Return the time at which it goes once approved; "" when it waits for Send."""
    local = campaign.local_time
    return f"at {local.at:%H:%M} in each customer’s time zone" if local else ""
