"""When the last message will leave, as far as limits and send windows decide.

Limits let messages out in bursts that are short beside an hour, so each burst counts as one
instant here.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from campaigns.flow.dispatch import Window, is_open, next_opening
from campaigns.model.delivery import Quota

MOST_STEPS = 200_000  # over twenty years of an hourly limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Messages that wait alike: not before `from_at`, within the window by the clock of `zone`.

    The window does not open on the `holidays` of their country either.
    """

    zone: tzinfo
    from_at: datetime
    messages: int
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Departures:
    """When the first and the last message leave, and what holds them until then.

    Both times are None when nothing waits, or when a limit of none lets nothing leave, which
    `held_by` then says.
    """

    first_at: datetime | None = None
    last_at: datetime | None = None
    held_by: tuple[str, ...] = ()


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
) -> Departures:
    """Play the sending of `batches` in their order; `free_at` is when used permits come back."""
    left = [
        _Left(b, b.messages, window and window.without(b.holidays)) for b in batches if b.messages
    ]
    if not left:
        return Departures()
    if quota.window_s and not quota.limit:
        return Departures(held_by=(_limit(quota),))
    permits = _Permits(quota, free_at)
    first = last = None
    at = now
    held: dict[str, None] = {}
    for _ in range(MOST_STEPS):
        sent = _leave([one for one in left if _may(one, at)], permits, at)
        if sent:
            first, last = first or at, at
        left = [one for one in left if one.messages]
        if not left:
            return Departures(first_at=first, last_at=last, held_by=tuple(held))
        at, why = _look_again(left, permits, at)
        held.update(dict.fromkeys(why))
    return Departures(first_at=first, held_by=tuple(held))


class _Permits:
    """The quota's permits as time goes on; a quota per request is never used up."""

    def __init__(self, quota: Quota, free_at: Sequence[datetime]) -> None:
        self.quota = quota
        # Earliest first: what is taken later comes back later.
        self._frees = deque((at, 1) for at in sorted(free_at))
        self._used = len(self._frees)

    def take(self, wanted: int, at: datetime) -> int:
        """Take up to `wanted` permits at an instant; return how many there were."""
        if self.quota.window_s == 0:
            return wanted
        while self._frees and self._frees[0][0] <= at:
            self._used -= self._frees.popleft()[1]
        taken = max(0, min(wanted, self.quota.limit - self._used))
        if taken:
            self._used += taken
            back_at = at + timedelta(seconds=self.quota.window_s)
            self._frees.append((back_at, taken))
        return taken

    def next_at(self) -> datetime:
        """Return when the next permits come back, of a quota that is used up."""
        return self._frees[0][0]


def _leave(ready: Sequence[_Left], permits: _Permits, at: datetime) -> int:
    sent = 0
    for one in ready:
        n = permits.take(one.messages, at)
        one.messages -= n
        sent += n
    return sent


def _look_again(
    left: Sequence[_Left], permits: _Permits, at: datetime
) -> tuple[datetime, tuple[str, ...]]:
    """Return when something may leave next, and what keeps it until then."""
    if any(_may(one, at) for one in left):
        return permits.next_at(), (_limit(permits.quota),)
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
