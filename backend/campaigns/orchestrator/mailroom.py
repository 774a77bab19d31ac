"""Our mailbox: mails are kept as they came and then read like any other news.

While this process leads, a thread waits at the mailbox (IDLE, or a look now and then where the
server cannot). A mail and the checkpoint behind it are kept in one transaction, so that a crash
neither loses nor repeats one. Beside that it looks for mails in doubt among those sent.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Protocol

import structlog

from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, EventType
from campaigns.model.errors import ProviderRefused
from campaigns.model.ids import MessageId
from campaigns.model.ports import Clock, Store

log = structlog.get_logger(__name__)

WAIT_S = 5.0
LOOK_EVERY_S = 30.0  # where the server does not tell by itself
SEARCH_EVERY = timedelta(minutes=1)
MOST_SEARCHED = 100
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 300.0


class Fetched(Protocol):
    """A mail as it came, and the checkpoint that holds once it is kept."""

    @property
    def body(self) -> bytes: ...
    @property
    def then(self) -> object: ...


class Mailbox(Protocol):
    """An open mailbox."""

    @property
    def can_wait(self) -> bool: ...
    def start(self) -> object:
        """Return the checkpoint of a mailbox that was never read."""
        ...

    def since(self, reached: str, today: date) -> Iterable[Fetched]:
        """Yield what came after a checkpoint, oldest first."""
        ...

    def wait(self, seconds: float) -> None:
        """Wait until something comes, at most so long."""
        ...

    def lies_in_sent(self, message_id: str) -> bool:
        """Whether a mail with this Message-ID lies among those sent."""
        ...


class Mailroom:
    """Takes in what comes to our mailbox.

    `opened` logs in and raises `ProviderRefused`; `message_id` gives the Message-ID a message
    of ours is sent under; `told` takes in news about messages.
    """

    def __init__(  # noqa: PLR0913 - its ports, wired once in bootstrap
        self,
        store: Store,
        clock: Clock,
        *,
        name: str,
        opened: Callable[[], AbstractContextManager[Mailbox]],
        message_id: Callable[[MessageId], str],
        told: Callable[[Sequence[DeliveryEvent]], object],
        leads: Callable[[], bool],
    ) -> None:
        self._store = store
        self._clock = clock
        self._name = name
        self._opened = opened
        self._message_id = message_id
        self._told = told
        self._leads = leads
        self._searched_at: datetime | None = None

    def probe(self) -> str | None:
        """Log in at the mailbox; return what is wrong, or None."""
        try:
            with self._opened():
                return None
        except ProviderRefused as error:
            return str(error)

    def run(self, stopping: threading.Event) -> None:
        """Work until told to stop, whenever this process leads."""
        pause = FIRST_PAUSE_S
        while not stopping.is_set():
            if not self._leads():
                stopping.wait(1.0)
                continue
            try:
                with self._opened() as box:
                    pause = FIRST_PAUSE_S
                    self._tend(box, stopping)
            except ProviderRefused as error:
                log.warning("mailbox_away", why=str(error), again_s=pause)
                stopping.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)
            except Exception:
                # The worker's loop: one bad round must not end it.
                log.exception("mailroom_raised")
                stopping.wait(pause)

    def _tend(self, box: Mailbox, stopping: threading.Event) -> None:
        while self._leads() and not stopping.is_set():
            self.take_in(box)
            self.search(box)
            if box.can_wait:
                box.wait(WAIT_S)
            else:
                stopping.wait(LOOK_EVERY_S)

    def take_in(self, box: Mailbox) -> int:
        """Keep what came since the last look; return how many mails."""
        with self._store.begin() as tx:
            reached = tx.webhooks.reached(self._name)
            if reached is None:
                tx.webhooks.reach(self._name, str(box.start()))
                return 0
        kept = 0
        for mail in box.since(reached, self._clock.today()):
            with self._store.begin() as tx:
                tx.webhooks.keep(Channel.EMAIL, mail.body, self._clock.now())
                tx.webhooks.reach(self._name, str(mail.then))
            kept += 1
        return kept

    def search(self, box: Mailbox) -> int:
        """Look for mails in doubt among those sent; return how many were found."""
        now = self._clock.now()
        if self._searched_at is not None and now - self._searched_at < SEARCH_EVERY:
            return 0
        self._searched_at = now
        with self._store.read() as tx:
            doubtful = tx.messages.in_doubt(MOST_SEARCHED)
        found = 0
        for m in doubtful:
            wanted = self._message_id(m.id)
            if m.channel is not Channel.EMAIL or not box.lies_in_sent(wanted):
                continue
            event = DeliveryEvent(
                channel=Channel.EMAIL,
                type=EventType.ACCEPTED,
                dedupe_key=f"sent:{m.id}:{m.attempt}",
                occurred_at=now,
                message_id=m.id,
                provider_id=wanted,
            )
            self._told([event])
            found += 1
        return found
