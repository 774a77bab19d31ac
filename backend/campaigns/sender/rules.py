"""What every send goes by, and what is asked before one."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from campaigns.flow import dispatch
from campaigns.model.customer import Channel
from campaigns.model.delivery import Lane, WarmUp
from campaigns.model.ids import MessageId
from campaigns.model.message import Message
from campaigns.model.ports import Tx

# Says, inside the claim's transaction, what changed since the approval, by message.
Staleness = Callable[[Tx, Sequence[Message]], Mapping[MessageId, str]]


# Says, inside the claim's transaction, which messages their channel does not take now.
Fitness = Callable[[Tx, Sequence[Message]], Mapping[MessageId, dispatch.Wait | dispatch.End]]

# Learns, before a batch, what the provider allows just now.
Prepare = Callable[[Lane], Awaitable[None]]


def never_stale(tx: Tx, messages: Sequence[Message]) -> Mapping[MessageId, str]:
    """Say that nothing changed."""
    return {}


def always_fit(
    tx: Tx, messages: Sequence[Message]
) -> Mapping[MessageId, dispatch.Wait | dispatch.End]:
    """Say that every channel takes everything."""
    return {}


async def unprepared(lane: Lane) -> None:
    """Ask nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds for every send.

    `window` is in the customer's own time, None for any hour; `default_zone` stands in where
    that zone is not known. `days_off` gives the holidays of a country in a year; without
    it every day is a day. `warm_up` caps channels whose sender is new, by the day. Tests to the addresses in `own` may go at any hour, for they are
    ours. A batch is `batch` messages, of which `in_flight` are under way at a time.
    """

    window: dispatch.Window | None
    default_zone: str
    warm_up: Mapping[Channel, WarmUp] = field(default_factory=dict)
    own: frozenset[tuple[Channel, str]] = frozenset()
    days_off: dispatch.DaysOff | None = None
    batch: int = 200
    in_flight: int = 8


@lru_cache(maxsize=1024)
def zone_named(name: str) -> tzinfo | None:
    """Return the IANA time zone `name`, None when there is no such zone."""
    try:
        return ZoneInfo(name)
    # OSError: a name that is a folder of the tz database, such as "Europe".
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
