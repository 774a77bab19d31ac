"""What a provider's own plan allows in a month: asked regularly, never exceeded on purpose.

LINE counts a month's messages for the whole account, whoever sends them, so its own count is
asked and not ours. Between two looks, what we let go is taken off.
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from campaigns.flow import dispatch
from campaigns.model.customer import Channel
from campaigns.model.delivery import Allowance
from campaigns.model.ids import MessageId
from campaigns.model.message import Message
from campaigns.model.ports import Clock, Tx

# Asks a provider for the month's allowance; None when it cannot be asked just now.
Ask = Callable[[], Allowance | None]

LOOK_AGAIN = timedelta(minutes=10)
NEARLY = 500  # messages left: from here on it is asked before every batch
RECHECK = timedelta(minutes=15)


class Allowances:
    """The allowance of each channel that has one, as last read by this process."""

    def __init__(self, clock: Clock, asks: Mapping[Channel, Ask]) -> None:
        self._clock = clock
        self._asks = asks
        self._known: dict[Channel, Allowance] = {}
        self._tried: dict[Channel, datetime] = {}
        self._lock = threading.Lock()
        self._asking = threading.Lock()

    def of(self, channel: Channel) -> Allowance | None:
        """Return a channel's allowance, read anew when old; None without one or without an answer."""
        if channel not in self._asks:
            return None
        with self._asking:  # who comes meanwhile waits for the answer instead of having none
            now = self._clock.now()
            if self._is_old(channel, now):
                self._tried[channel] = now
                found = self._asks[channel]()
                if found is not None:
                    with self._lock:
                        self._known[channel] = found
        return self._known.get(channel)

    def _is_old(self, channel: Channel, now: datetime) -> bool:
        tried, known = self._tried.get(channel), self._known.get(channel)
        scarce = known is not None and known.left is not None and known.left <= NEARLY
        return tried is None or now - tried >= (timedelta(seconds=5) if scarce else LOOK_AGAIN)

    def known(self, channel: Channel) -> Allowance | None:
        """Return a channel's allowance as last read, asking nobody."""
        return self._known.get(channel)

    def refresh(self) -> None:
        """Read every allowance that is old."""
        for channel in self._asks:
            self.of(channel)

    def __call__(
        self, tx: Tx, messages: Sequence[Message]
    ) -> Mapping[MessageId, dispatch.Wait | dispatch.End]:
        """Return, inside a claim, the messages that the month has no room for; asks nobody."""
        # What its window holds back is counted too, until the next look: too careful, never more.
        until = self._clock.now() + RECHECK
        verdicts: dict[MessageId, dispatch.Wait | dispatch.End] = {}
        wanted: Counter[Channel] = Counter()
        for m in messages:
            known = self._known.get(m.channel)
            if known is None or known.left is None:
                continue
            if wanted[m.channel] >= known.left:
                verdicts[m.id] = dispatch.Wait(until, f"{known} are used up")
            else:
                wanted[m.channel] += 1
        with self._lock:
            for channel, n in wanted.items():
                known = self._known[channel]
                self._known[channel] = replace(known, used=known.used + n)
        return verdicts
