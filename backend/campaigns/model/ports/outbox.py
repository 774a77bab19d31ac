"""The outbox: what is to leave, what left, and what the providers said of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.model.customer import Channel
from campaigns.model.delivery import (
    Claim,
    DeliveryEvent,
    EventType,
    Lane,
    Quota,
    QuotaUse,
    Recorded,
    SendOutcome,
)
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import MessageStatus
from campaigns.model.template import KnownTemplate, WantedTemplate
from campaigns.model.webhook import RawWebhook


class Outbox(Protocol):
    """Messages on their way: claims, permits, attempts and delivery events.

    Every change is conditional on the message's state and attempt number, so that a worker
    that lost its claim changes nothing.
    """

    def claim(
        self,
        lane: Lane,
        quota: Quota,
        now: datetime,
        most: int,
        worker: str = "",
        *,
        also: Sequence[Quota] = (),
    ) -> Claim:
        """Claim up to `most` due messages, taking a permit of the quota for each, in one go.

        `worker` names who claims, so that its claims can be freed when it is dead. `also` are
        further quotas that every permit counts for.
        """
        ...

    def leaving(self, message_id: MessageId, attempt: int, at: datetime) -> bool:
        """CLAIMED to SENDING for exactly this attempt.

        False when it may not leave any more: no longer ours, its campaign not sending, its
        address suppressed or its channel halted.
        """
        ...

    def settle(
        self, message_id: MessageId, attempt: int, outcome: SendOutcome, at: datetime
    ) -> MessageStatus | None:
        """Record an attempt's outcome; return the message's state, None when not its attempt."""
        ...

    def hold(
        self,
        message_id: MessageId,
        attempt: int,
        until: datetime | None,
        reason: str | None,
        at: datetime,
    ) -> bool:
        """Give a claimed message and its permit back: not before `until`, and why.

        Without `until` it waits for a person (`resolve`).
        """
        ...

    def drop(
        self, message_id: MessageId, attempt: int, status: MessageStatus, reason: str, at: datetime
    ) -> bool:
        """End a claimed message as suppressed, skipped or failed; its permit is given back."""
        ...

    def resolve(
        self, message_id: MessageId, status: MessageStatus, reason: str, at: datetime
    ) -> bool:
        """Take a person's decision about a message in doubt or held: QUEUED sends it (again)."""
        ...

    def cancel(self, campaign_id: CampaignId, at: datetime) -> int:
        """End what the campaign has queued or claimed, tests too, permits given back; how many."""
        ...

    def workers(self) -> Collection[str]:
        """Return the names of the workers that have messages under way."""
        ...

    def recover(
        self, at: datetime, before: datetime | None = None, worker: str | None = None
    ) -> Mapping[MessageStatus, int]:
        """Free what a dead worker left: CLAIMED to QUEUED, SENDING to IN_DOUBT; return counts.

        With `before`, only what has not moved since then; with `worker`, only what it claimed.
        """
        ...

    def record(self, event: DeliveryEvent, received_at: datetime) -> Recorded:
        """Store an event and merge it into its message."""
        ...

    def would_record(self, event: DeliveryEvent) -> Recorded:
        """Return whether an event is new and which message it is about, storing nothing."""
        ...

    def newest(
        self, channel: Channel, address: str, types: Collection[EventType]
    ) -> Collection[EventType]:
        """Return the newest news of these types about an address; several at the same instant."""
        ...

    def heard_at(self, channel: Channel, address: str) -> datetime | None:
        """Return when a reply last came from an address, None when never."""
        ...

    def doubts(self, message_ids: Collection[MessageId]) -> Mapping[MessageId, datetime]:
        """Return since when it is not known of a message whether it left; absent means known."""
        ...

    def repeat(self, channel: Channel, since: datetime, at: datetime) -> Collection[CampaignId]:
        """Queue messages in doubt again on a channel whose provider knows a repeated request.

        Only those of sending campaigns whose doubt began at `since` or later and that rested for
        a while, longer after each attempt. Return their campaigns.
        """
        ...

    def let_go(
        self, templates: Collection[tuple[str, str]], at: datetime
    ) -> Collection[CampaignId]:
        """Have what is held for one of these templates (name, language) leave from `at` on.

        Return the campaigns.
        """
        ...

    def use(self, channel: Channel, quota: Quota, now: datetime) -> QuotaUse: ...
    def freeing(self, channel: Channel, quota: Quota, now: datetime) -> Sequence[datetime]:
        """Return when each used permit of the quota comes back, earliest first."""
        ...

    def queued(self, channel: Channel, beside: CampaignId | None = None) -> int:
        """Return how many messages are queued on a channel, those of one campaign and tests aside."""
        ...

    def halted(self, now: datetime) -> Mapping[Channel, str]:
        """Return the channels on which nothing may leave, and why."""
        ...

    def halt(self, channel: Channel, reason: str) -> None:
        """Let nothing leave on a channel until it is reopened."""
        ...

    def reopen(self, channel: Channel) -> bool:
        """Let a halted channel send again; False when it was not halted."""
        ...

    def lanes(self) -> Sequence[Lane]:
        """Return every lane with queued messages that may go, now or at their time."""
        ...

    def finished(
        self, doubts_before: datetime, campaign_id: CampaignId | None = None
    ) -> Sequence[CampaignId]:
        """Return the sending campaigns of which nothing is queued, under way, in doubt or in reserve.

        A doubt that began before `doubts_before` counts no more. With `campaign_id` only that
        one is looked at.
        """
        ...


class Webhooks(Protocol):
    """Verified requests of providers, kept as they came until everything in them is taken in."""

    def keep(self, channel: Channel, body: bytes, at: datetime) -> bool:
        """Store a request; False when exactly this one is there already."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[RawWebhook]:
        """Return requests to read now, oldest first; each is due again later unless finished."""
        ...

    def free(self, now: datetime) -> int:
        """Have everything that is not taken in read now, for its reader died; return how many."""
        ...

    def finish(self, webhook_id: str, at: datetime, trouble: str | None = None) -> None:
        """Note that everything in a request is taken in, and what of it could not be read."""
        ...

    def troubled(self, limit: int) -> Sequence[RawWebhook]:
        """Return the newest requests with something in them that could not be read."""
        ...

    def reached(self, source: str) -> str | None:
        """Return how far a source that is asked (a mailbox) was read, None when never."""
        ...

    def reach(self, source: str, checkpoint: str) -> None:
        """Note how far a source was read, in the transaction that keeps what came."""
        ...

    def waiting(self) -> int:
        """Return how many requests are not taken in yet."""
        ...


class Identities(Protocol):
    """The ids providers have for people, beside the addresses we write to."""

    def learn(self, channel: Channel, user_id: str, address: str, at: datetime) -> None:
        """Note that a provider's id belongs to an address; the newest word counts."""
        ...

    def address_of(self, channel: Channel, user_id: str) -> str | None: ...


class Templates(Protocol):
    """WhatsApp templates as Meta told us they are."""

    def all(self) -> Sequence[KnownTemplate]: ...
    def get(self, name: str, language: str) -> KnownTemplate | None: ...
    def put(self, template: KnownTemplate) -> None:
        """Store a template, in place of what was known."""
        ...

    def wanted(self) -> Sequence[WantedTemplate]:
        """Return the templates that messages not sent yet are to be sent with."""
        ...
