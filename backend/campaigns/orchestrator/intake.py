"""What providers tell by themselves: verified, kept as it came, then read and acted on.

    request -> verified? -> kept raw -> 200        (nothing is lost from here on)
            -> read -> news of templates and of our account: taken in at once
                    -> delivery events: handed to the engine like any other news

A request is done when every event in it is taken in. A process that dies in between leaves it
due again; what was taken in before is recognised by its dedupe key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

import structlog

from campaigns.model.access import SYSTEM
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, ReasonClass
from campaigns.model.ports import Clock, Store, Tx, Webhook
from campaigns.model.webhook import AccountNews, RawWebhook, Told
from campaigns.orchestrator.templates import TemplateLibrary

log = structlog.get_logger(__name__)

REQUESTS_AT_ONCE = 20
MOST_TROUBLE = 2_000  # characters kept of what could not be read
REOPENED = "channel.reopened"


class Limited(Protocol):
    """A channel whose provider tells how many people it may write to."""

    def limit_to(self, limit: int) -> None:
        """Take over the provider's limit."""
        ...


@dataclass(slots=True)
class _Open:
    """A request some events of which are not taken in yet."""

    keys: set[str] = field(default_factory=set)
    trouble: str | None = None


class Intake:
    """Takes requests in, and is a source of news (`model.ports.News`) for the engine."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        readers: Mapping[Channel, Webhook],
        templates: TemplateLibrary,
        limits: Mapping[Channel, Limited],
    ) -> None:
        self._store = store
        self._clock = clock
        self._readers = readers
        self._templates = templates
        self._limits = limits
        self._open: dict[str, _Open] = {}
        self._looked = False

    def take_in(self, channel: Channel, body: bytes, signature: str) -> bool:
        """Keep a request durably; False, and nothing kept, when its provider did not sign it."""
        reader = self._readers.get(channel)
        if reader is None or not reader.verifies(body, signature):
            return False
        with self._store.begin() as tx:
            tx.webhooks.keep(channel, body, self._clock.now())
        return True

    # --- a source of news --------------------------------------------------------------------------

    def fetch(self, now: datetime) -> Sequence[DeliveryEvent]:
        """Return the events of requests that are due, in the order the requests came."""
        self._free(now)
        with self._store.read() as tx:
            if not tx.webhooks.waiting():
                return []
        events: list[DeliveryEvent] = []
        with self._store.begin() as tx:
            for raw in tx.webhooks.due(now, REQUESTS_AT_ONCE):
                events += self._read(tx, raw, now)
        return events

    def _free(self, now: datetime) -> None:
        """Before our first look, free what the reader before us held: an opt-out may be in it."""
        if not self._looked:
            with self._store.begin() as tx:
                tx.webhooks.free(now)
            self._looked = True

    def acknowledge(self, events: Iterable[DeliveryEvent]) -> None:
        """Note that events are durably stored; a request is done with its last one."""
        done = []
        for event in events:
            key = _key(event)
            for webhook_id, waiting in self._open.items():
                waiting.keys.discard(key)
                if not waiting.keys:
                    done.append(webhook_id)
        if done:
            with self._store.begin() as tx:
                for webhook_id in dict.fromkeys(done):
                    tx.webhooks.finish(
                        webhook_id, self._clock.now(), self._open.pop(webhook_id).trouble
                    )

    def _read(self, tx: Tx, raw: RawWebhook, now: datetime) -> list[DeliveryEvent]:
        reader = self._readers.get(raw.channel)
        if reader is None:
            return []  # its channel is not configured just now; it stays due
        told = reader.read(raw.body, raw.received_at)
        if raw.tries == 0:
            self._act(tx, raw.channel, told, now)
        events = [self._resolved(tx, event, now) for event in told.events]
        trouble = "; ".join(told.faults)[:MOST_TROUBLE] or None
        if trouble is not None:
            log.warning("webhook_trouble", webhook=raw.id, faults=len(told.faults))
        if events:
            self._open[raw.id] = _Open({_key(e) for e in events}, trouble)
        else:
            tx.webhooks.finish(raw.id, now, trouble)
        return events

    # --- what follows at once ----------------------------------------------------------------------

    def _act(self, tx: Tx, channel: Channel, told: Told, now: datetime) -> None:
        """Act on news that is no delivery event, once: in the transaction that counts the try."""
        for news in told.templates:
            self._templates.heard(tx, news)
        for event in told.events:
            self._hold_template(tx, event)
        for words in told.account:
            self._account(tx, channel, words, now)

    def _hold_template(self, tx: Tx, event: DeliveryEvent) -> None:
        """Hold the template of a message that failed because of it."""
        reason = event.reason
        if reason is None or reason.kind is not ReasonClass.TEMPLATE or event.message_id is None:
            return
        message = tx.messages.get(event.message_id)
        if message is not None and message.template is not None:
            self._templates.hold(tx, message.template, reason, ours=False)

    def _account(self, tx: Tx, channel: Channel, news: AccountNews, now: datetime) -> None:
        if news.limit is not None and channel in self._limits:
            self._limits[channel].limit_to(news.limit)
        if news.halts is not None:
            if self._is_old(tx, channel, news):
                return
            tx.outbox.halt(channel, news.halts)
        detail: dict[str, object] = {"words": news.words, "halts": news.halts is not None}
        tx.audit.add(now, SYSTEM.name, "channel.news", f"channel:{channel.value}", detail)

    def _is_old(self, tx: Tx, channel: Channel, news: AccountNews) -> bool:
        """Whether a person reopened the channel after this happened."""
        entries, _ = tx.audit.page("", 50, f"channel:{channel.value}")
        reopened = [entry.at for entry in entries if entry.action == REOPENED]
        return bool(reopened) and news.at <= max(reopened)

    # --- who it is ---------------------------------------------------------------------------------

    def _resolved(self, tx: Tx, event: DeliveryEvent, now: datetime) -> DeliveryEvent:
        """Return the event with the address we know the person by.

        Without any, their id stands for it: what they ask for is kept under it, and carried over
        once their address is known.
        """
        address = event.address and (
            tx.identities.address_of(event.channel, event.address.lstrip("+")) or event.address
        )
        if event.user_id is None:
            return replace(event, address=address)
        known = tx.identities.address_of(event.channel, event.user_id)
        if address is None:
            return replace(event, address=known or event.user_id)
        if known != address:
            tx.identities.learn(event.channel, event.user_id, address, now)
        return replace(event, address=address)


def _key(event: DeliveryEvent) -> str:
    return f"{event.channel}:{event.dedupe_key}"
