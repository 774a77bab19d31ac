"""What the engine is given: who sends, what it calls again and again, and its pace."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from campaigns.model.delivery import DeliveryEvent, Lane, Recorded, Rest


class Courier(Protocol):
    """Sends batches and records news (`sender.Sender`)."""

    def stop(self) -> None:
        """Claim nothing more."""
        ...

    async def send(self, lane: Lane) -> Rest:
        """Send up to one batch of the lane; say when it can go on."""
        ...

    def record(self, events: Sequence[DeliveryEvent]) -> Sequence[Recorded]:
        """Store news about messages and what follows from it, all or nothing."""
        ...

    async def close(self) -> None:
        """Give connections back."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """What the engine calls in the orchestrator, again and again.

    `begin_due` starts every scheduled campaign whose time has come; `settle` completes every
    campaign of which nothing is left to do. `heard` acts on news about people: a reply, an
    opt-out, a follow, a complaint. It stores the event with `tx.outbox.record` in the
    transaction of what follows from it, and does nothing when that says the event is not new,
    for the same event may come again. `propose_due` carries out every automation that is due.
    """

    begin_due: Callable[[], object]
    settle: Callable[[], object]
    heard: Callable[[DeliveryEvent], object]
    propose_due: Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often the engine looks and how much it does at once; all times in seconds.

    `watch_s` is how often workers look whether another died, `stop_s` how long a stop waits for
    what is under way, `error_s` how long a lane rests after a batch that raised, `keep_s` how
    long DBOS remembers a link that has ended.
    """

    queue_s: float = 0.3
    news_s: float = 0.5
    timer_s: float = 1.0
    propose_s: float = 2.0
    watch_s: float = 1.0
    stop_s: float = 1.5
    error_s: float = 5.0
    repair_s: float = 60.0
    keep_s: float = 86_400.0
    lanes_at_once: int = 4
