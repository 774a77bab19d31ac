"""A simulated channel: takes messages, tells news, answers. Nothing leaves this machine."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.channels.simulator import behaviour
from campaigns.channels.simulator.box import Box
from campaigns.model.customer import Channel
from campaigns.model.delivery import (
    Accepted,
    Quota,
    Reason,
    ReasonClass,
    Refused,
    SendOutcome,
    Unknown,
)
from campaigns.model.facts import Facts
from campaigns.model.message import Message, Template
from campaigns.model.ports import Clock
from campaigns.model.text import CohortText, Rendered

Dress = Callable[[CohortText, Rendered, Facts], tuple[str | None, Template | None]]
Problem = Callable[[Message], str | None]
HeardAt = Callable[[str], datetime | None]
WINDOW = timedelta(hours=24)
CLOSED = Reason(
    kind=ReasonClass.CONTENT,
    code="131047",
    detail="more than 24 hours since the customer last wrote",
)


def _never(address: str) -> datetime | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """How often the provider is bad, as shares of the sends (0-1), and how slow (seconds).

    `busy` refuses for the moment. `dropped` breaks the connection after the message left and
    before it was taken; `unanswered` after it was taken. `mute` never tells any news.
    """

    busy: float = 0.0
    dropped: float = 0.0
    unanswered: float = 0.0
    mute: float = 0.0
    latency_s: float = 0.0
    retry_s: float = 1.0


class SimulatedCarrier:
    """`model.ports.Carrier` for any channel; `dress` and `problem` are the real channel's."""

    simulated = True
    ready = None

    def __init__(  # noqa: PLR0913 - what a carrier is made of, wired once in bootstrap
        self,
        channel: Channel,
        quota: Quota,
        box: Box,
        clock: Clock,
        *,
        dress: Dress,
        problem: Problem,
        speed: float = 1.0,
        faults: Faults | None = None,
        heard_at: HeardAt = _never,
    ) -> None:
        """`heard_at` says when the person at an address last wrote, as a provider knows itself."""
        self.channel = channel
        self.quota = quota
        self._box = box
        self._clock = clock
        self._dress = dress
        self._problem = problem
        self._speed = speed
        self._faults = faults or Faults()
        self._heard_at = heard_at

    def dress(
        self, text: CohortText, rendered: Rendered, facts: Facts
    ) -> tuple[str | None, Template | None]:
        """Return the HTML and the template, as the real channel makes them."""
        return self._dress(text, rendered, facts)

    def problem(self, message: Message) -> str | None:
        """Return why the real provider would refuse this message's form, or None."""
        return self._problem(message)

    def follows(self, addresses: Iterable[str]) -> frozenset[str]:
        """Return the LINE ids among `addresses` whose owners follow the account."""
        return frozenset(a for a in addresses if behaviour.follows(a))

    async def send(self, message: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        """Take the message, or refuse it; with faults, break in between."""
        if behaviour.behaviour(message) == behaviour.REFUSED:
            return Refused(reason=behaviour.failure(self.channel))
        if message.answer is not None and self._window_is_closed(message.address):
            return Refused(reason=CLOSED)
        if self._hits(self._faults.busy, message, "busy"):
            busy = Reason(kind=ReasonClass.RATE_LIMITED, code="429", detail="too many at once")
            return Refused(reason=busy, retry_after_s=self._faults.retry_s)
        await asyncio.sleep(self._faults.latency_s)
        if not leaving():
            return None
        await asyncio.sleep(self._faults.latency_s)
        if self._hits(self._faults.dropped, message, "dropped"):
            return _broken()
        provider_id = self._take(message)
        await asyncio.sleep(self._faults.latency_s)
        if self._hits(self._faults.unanswered, message, "unanswered"):
            return _broken()
        return Accepted(provider_id=provider_id)

    async def probe(self) -> str | None:
        """Find nothing wrong: the provider is here."""
        return None

    async def close(self) -> None:
        """Hold no connections."""

    def _window_is_closed(self, address: str) -> bool:
        """Whether Meta would refuse free words to a number now; no other channel does."""
        if self.channel is not Channel.WHATSAPP:
            return False
        heard_at = self._heard_at(address)
        return heard_at is None or self._clock.now() >= heard_at + WINDOW

    def _take(self, message: Message) -> str:
        now = self._clock.now()
        mute = self._hits(self._faults.mute, message, "mute")
        return self._box.accept(
            message,
            now,
            lambda provider_id: (
                [] if mute else behaviour.script(message, provider_id, now, self._speed)
            ),
        )

    def _hits(self, share: float, message: Message, fault: str) -> bool:
        return behaviour.chance(message.id, str(message.attempt), fault) < share


def _broken() -> Unknown:
    return Unknown(reason=Reason(kind=ReasonClass.UNKNOWN, detail="the connection broke"))
