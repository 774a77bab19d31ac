"""Dispatch: whether a message may leave now.

The answer is go, wait until then, or never, each with its reason in words. Time and time zone
are arguments; zones are compared by the customer's own wall clock, so that daylight saving is
theirs too.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import count

from campaigns.model.campaign import LocalTime
from campaigns.model.delivery import Quota, Refused
from campaigns.model.message import MessageStatus

HALT_RECHECK_S = 30.0  # how often a lane looks whether its halted channel was repaired
RETRY_GROWTH = 3.0  # 5 min, 15 min, 45 min, ... for a first wait of 5 min
RETRY_CEILING_S = 4 * 3600.0
GIVE_UP_AFTER = timedelta(hours=48)
KEY_LIFE = timedelta(hours=23)  # in which a request may be repeated: LINE keeps a key for 24
REFILL_SHARE = 20  # a dry lane waits for a twentieth of its quota, not for one permit at a time


# The public holidays of a country in a year; None for a country that is not known.
DaysOff = Callable[[str, int], frozenset[date] | None]


def holidays_of(country: str, days_off: DaysOff | None, now: datetime) -> frozenset[date]:
    """Return the holidays of a country in this year and the next, none where it is not known."""
    if days_off is None or not country:
        return frozenset()
    years = (now.year, now.year + 1)
    return frozenset().union(*(days_off(country, year) or () for year in years))


@dataclass(frozen=True, slots=True)
class Window:
    """The hours of a day in which messages may leave: `opens` is in, `closes` is not.

    A window with `closes` before `opens` runs over midnight. On the days of `holidays` it does
    not open at all, by the same wall clock.
    """

    opens: time
    closes: time
    holidays: frozenset[date] = frozenset()

    def without(self, days: frozenset[date]) -> "Window":
        """Return the window that does not open on these days either."""
        return replace(self, holidays=self.holidays | days) if days else self

    def contains(self, local: time) -> bool:
        """Whether the wall clock time `local` is in the window."""
        if self.opens <= self.closes:
            return self.opens <= local < self.closes
        return local >= self.opens or local < self.closes

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


@dataclass(frozen=True, slots=True)
class Go:
    """It may leave now."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not yet: `until` is when to look again, None until a person decides."""

    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class End:
    """Never: the state it ends in, and why."""

    status: MessageStatus
    reason: str


Verdict = Go | Wait | End


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known about a message's address and content at this moment.

    `suppressed` says why nothing may go to the address, `consent_missing` what consent it
    lacks, `stale` what changed since the approval ("contract renewed"); None when all is well.
    `unfit` is what the channel itself has to say, None when nothing. `window` is None when any
    hour will do. `zone_known` is False when `zone` is the stated default and not the customer's own.
    """

    suppressed: str | None = None
    consent_missing: str | None = None
    stale: str | None = None
    unfit: Wait | End | None = None
    window: Window | None = None
    zone: tzinfo = UTC
    zone_name: str = "UTC"
    zone_known: bool = True


def parse_window(text: str) -> Window | None:
    """Read "09:00-18:00"; "always" is None. Raise ValueError with the way out for anything else."""
    if text.strip().lower() == "always":
        return None
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", text.strip())
    if found is None:
        raise ValueError(
            f'{text!r} is no send window: use "HH:MM-HH:MM" such as 09:00-18:00, or "always"'
        )
    hours = [int(part) for part in found.groups()]
    window = Window(time(hours[0], hours[1]), time(hours[2], hours[3]))
    if window.opens == window.closes:
        raise ValueError(f'{text!r} is an empty send window: use "always" for any hour')
    return window


def is_open(window: Window, zone: tzinfo, now: datetime) -> bool:
    """Whether the window is open at `now` by the wall clock of `zone`."""
    local = now.astimezone(zone)
    return local.date() not in window.holidays and window.contains(local.time())


def next_opening(window: Window, zone: tzinfo, now: datetime) -> datetime:
    """Return the first instant from `now` on at which the window is open, in UTC.

    Where the opening falls into the hour that a clock change skips, it is up to that hour
    later; where a clock change repeats it, it is the first of the two.
    """
    if is_open(window, zone, now):
        return now
    today = now.astimezone(zone).date()
    # Holidays end, and no clock change takes the window of two days running.
    openings = (
        datetime.combine(today + timedelta(days=days), window.opens, zone).replace(fold=fold)
        for days in count()
        for fold in (0, 1)
    )
    instants = (opening.astimezone(UTC) for opening in openings)
    return next(i for i in instants if i >= now and is_open(window, zone, i))


def instant_of(local: LocalTime, zone: tzinfo, now: datetime) -> datetime:
    """Return when it is that time in `zone`, in UTC; `now` stands in for a `since` still open."""
    since = local.since or now
    today = since.astimezone(zone).date()
    first = max(local.on or today, today)
    times = (
        datetime.combine(first + timedelta(days=days), local.at, zone).astimezone(UTC)
        for days in count()
    )
    return next(at for at in times if at >= since)


def decide(standing: Standing, now: datetime) -> Verdict:
    """Say whether a message may leave at `now`. A suppression outranks everything."""
    if standing.suppressed is not None:
        return End(MessageStatus.SUPPRESSED, standing.suppressed)
    if standing.consent_missing is not None:
        return End(MessageStatus.SKIPPED, standing.consent_missing)
    if standing.stale is not None:
        return Wait(None, f"changed since it was approved: {standing.stale}")
    if standing.unfit is not None:
        return standing.unfit
    window = standing.window
    if window is None or is_open(window, standing.zone, now):
        return Go()
    known = "" if standing.zone_known else ", our default: the customer's time zone is not known"
    closed = now.astimezone(standing.zone).date() in window.holidays
    why = "a holiday" if closed else f"outside the send window {window}"
    return Wait(next_opening(window, standing.zone, now), f"{why} in {standing.zone_name}{known}")


def permits(quota: Quota, used: int, wanted: int) -> int:
    """Return how many messages may leave now: never more than `limit - used` in the window."""
    if quota.window_s == 0:
        return min(wanted, quota.limit)
    return max(0, min(wanted, quota.limit - used))


def refill(quota: Quota, wanted: int) -> int:
    """Return how many permits must be free again before a dry lane is worth waking."""
    return max(1, min(wanted, quota.limit // REFILL_SHARE))


def retry_at(refused: Refused, tries: Sequence[datetime], now: datetime) -> datetime | None:
    """Return when to try again after a refusal, None to give up.

    `tries` are the ends of earlier tries, oldest first, without this one; each makes the wait
    longer, up to a ceiling.
    """
    if refused.retry_after_s is None:
        return None
    if tries and now - tries[0] >= GIVE_UP_AFTER:
        return None
    wait = refused.retry_after_s
    if tries:
        grown = wait * RETRY_GROWTH ** min(len(tries), 16)
        # A provider that itself asks for a longer wait than the ceiling gets it.
        wait = max(wait, min(grown, RETRY_CEILING_S))
    return now + timedelta(seconds=wait)
