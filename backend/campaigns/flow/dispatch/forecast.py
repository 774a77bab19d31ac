"""When the last message will leave, as far as limits and send windows decide.

Limits let messages out in bursts that are short beside an hour, so each burst counts as one
instant here.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from campaigns.flow.dispatch import Window, is_open, next_opening
from campaigns.model.delivery import Quota, WarmUp
from campaigns.model.outlook import Departure

MOST_STEPS = 200_000  # over twenty years of an hourly limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Messages that wait alike: not before `from_at`, within the window by the clock of `zone`.

    The window does not open on the `holidays` of their country either. Messages of others only
    use permits up.
    """

    zone: tzinfo
    from_at: datetime
    messages: int
    holidays: frozenset[date] = frozenset()
    others: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Departures:
    """When the first and the last message leave, and what holds them until then.

    `each` are all of them, in order; other campaigns' are not among them. Both times are None when
    nothing waits, or when a limit of none lets nothing leave, which `held_by` then says.
    """

    first_at: datetime | None = None
    last_at: datetime | None = None
    held_by: tuple[str, ...] = ()
    each: tuple[Departure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Warming:
    """A channel that warms up, by the house's clock; `free_at` is when used permits come back."""

    warm_up: WarmUp
    zone: tzinfo
    free_at: Sequence[datetime] = ()

    def quota(self, at: datetime) -> Quota | None:
        """Return the cap at an instant."""
        return self.warm_up.quota(at.astimezone(self.zone).date())

    def tomorrow(self, at: datetime) -> datetime:
        """Return when the next day's cap holds."""
        day = at.astimezone(self.zone).date() + timedelta(days=1)
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


@dataclass(slots=True)
class _Left:
    """What of a batch has not left yet."""

    batch: Batch
    messages: int
    window: Window | None


def forecast(
    batches: Iterable[Batch],
    window: Window | None,
    quota: Quota,
    free_at: Sequence[datetime],
    now: datetime,
    warming: Warming | None = None,
) -> Departures:
    """Play the sending of `batches` in their order; `free_at` is when used permits come back."""
    left = [
        _Left(b, b.messages, window and window.without(b.holidays)) for b in batches if b.messages
    ]
    if not left:
        return Departures()
    if quota.window_s and not quota.limit:
        return Departures(held_by=(_limit(quota),))
    permits = _All([_Permits(lambda at: quota, free_at)])
    if warming is not None:
        permits.each.append(_Permits(warming.quota, warming.free_at, warming.tomorrow))
    each: list[Departure] = []
    at = now
    held: dict[str, None] = {}
    for _ in range(MOST_STEPS):
        each += _leave([one for one in left if _may(one, at)], permits, at)
        left = [one for one in left if one.messages]
        if not left:
            return _departures(each, held, all_gone=True)
        at, why = _look_again(left, permits, at)
        held.update(dict.fromkeys(why))
    return _departures(each, held, all_gone=False)


def _departures(each: Sequence[Departure], held: Iterable[str], *, all_gone: bool) -> Departures:
    return Departures(
        first_at=each[0].at if each else None,
        last_at=each[-1].at if each and all_gone else None,
        held_by=tuple(held),
        each=tuple(each),
    )


class _Permits:
    """A quota's permits as time goes on; one per request, or none, is never used up.

    `changes` tells when another quota may hold in its place, None for one that stays.
    """

    def __init__(
        self,
        quota_at: Callable[[datetime], Quota | None],
        free_at: Sequence[datetime],
        changes: Callable[[datetime], datetime] | None = None,
    ) -> None:
        self.quota_at = quota_at
        self._changes = changes
        # Earliest first: what is taken later comes back later.
        self._frees = deque((at, 1) for at in sorted(free_at))
        self._used = len(self._frees)

    def room(self, wanted: int, at: datetime) -> int:
        """Return how many of the wanted permits there are at an instant."""
        quota = self.quota_at(at)
        if quota is None or quota.window_s == 0:
            return wanted
        while self._frees and self._frees[0][0] <= at:
            self._used -= self._frees.popleft()[1]
        return max(0, min(wanted, quota.limit - self._used))

    def take(self, taken: int, at: datetime) -> None:
        """Use so many permits from an instant on."""
        quota = self.quota_at(at)
        if quota is not None and quota.window_s and taken:
            self._used += taken
            self._frees.append((at + timedelta(seconds=quota.window_s), taken))

    def next_at(self, at: datetime) -> datetime:
        """Return when the next permits come, of a quota that is used up."""
        known = [self._frees[0][0]] if self._frees else []
        return min([*known, *([self._changes(at)] if self._changes else [])])


@dataclass(slots=True)
class _All:
    """Several quotas at once: each permit counts for every one."""

    each: list[_Permits]

    def take(self, wanted: int, at: datetime) -> int:
        """Take up to `wanted` permits at an instant; return how many there were."""
        taken = min(one.room(wanted, at) for one in self.each)
        for one in self.each:
            one.take(taken, at)
        return taken

    def dry(self, at: datetime) -> tuple[datetime, tuple[str, ...]]:
        """Return when there may be permits again, and which limits are used up until then."""
        used_up = [one for one in self.each if not one.room(1, at)]
        words = tuple(_limit(quota) for one in used_up if (quota := one.quota_at(at)))
        return max(one.next_at(at) for one in used_up), words


def _leave(ready: Sequence[_Left], permits: _All, at: datetime) -> Iterator[Departure]:
    """Have as many leave as there are permits; yield those of this campaign."""
    for one in ready:
        n = permits.take(one.messages, at)
        one.messages -= n
        if n and not one.batch.others:
            yield Departure(at, str(one.batch.zone), n)


def _look_again(
    left: Sequence[_Left], permits: _All, at: datetime
) -> tuple[datetime, tuple[str, ...]]:
    """Return when something may leave next, and what keeps it until then."""
    if any(_may(one, at) for one in left):
        return permits.dry(at)
    return min((_next(one, at) for one in left), key=lambda found: found[0])


def _may(one: _Left, at: datetime) -> bool:
    window, batch = one.window, one.batch
    return batch.from_at <= at and (window is None or is_open(window, batch.zone, at))


def _next(one: _Left, at: datetime) -> tuple[datetime, tuple[str, ...]]:
    """Return when a batch may go on, and what keeps it until then besides its own start."""
    window, batch = one.window, one.batch
    start = max(batch.from_at, at)
    if window is None:
        return start, ()
    opens = next_opening(window, batch.zone, start)
    return opens, (f"the send window {window}",) if opens > start else ()


def _limit(quota: Quota) -> str:
    return f"the limit of {quota}"
