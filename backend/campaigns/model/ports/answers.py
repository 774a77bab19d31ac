"""What customers say: replies, consents, conversations."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.model.calibration import Correction, LinesSet
from campaigns.model.campaign import Campaign
from campaigns.model.consent import Consent, Suppression
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, CustomerId, MessageId, PersonId, ReplyId
from campaigns.model.lists import InboxFilter, InboxQuery
from campaigns.model.message import Message
from campaigns.model.reply import Intent, Reply


class Corrections(Protocol):
    """What people said replies mean, and the lines fitted to it."""

    def add(self, new: Correction) -> None:
        """Keep a correction; an earlier one of the same reply gives way."""
        ...

    def all(self) -> Sequence[Correction]:
        """Return every correction, oldest first."""
        ...

    def put_in_force(self, lines: LinesSet) -> None: ...
    def in_force(self) -> LinesSet | None:
        """Return the lines that hold, None when nobody ever fitted any."""
        ...

    def history(self) -> Sequence[LinesSet]:
        """Return all lines that were ever in force, oldest first."""
        ...


class Replies(Protocol):
    """Replies as kept."""

    def add(self, reply: Reply) -> None: ...
    def get(self, reply_id: ReplyId) -> Reply | None: ...
    def page(
        self,
        cursor: str,
        limit: int,
        campaign_id: CampaignId | None = None,
        *,
        waiting: bool = False,
    ) -> tuple[Sequence[Reply], str | None]: ...
    def finish(self, reply_id: ReplyId, at: datetime) -> bool: ...
    def open_complaint(self, customer_id: CustomerId) -> str | None:
        """Return why campaigns to a customer wait: a complaint nobody dealt with yet, or None."""
        ...

    def by_intent(self, campaign_id: CampaignId | None = None) -> Mapping[Intent, int]: ...
    def scores(self, campaign_id: CampaignId | None = None) -> Sequence[int]: ...
    def answered(self, campaign_id: CampaignId) -> Mapping[str, frozenset[str]]:
        """Return, per intent, the customers of a campaign whose replies led with it."""
        ...


class Answers(Protocol):
    """Answers to replies, and who is looking at a conversation.

    A conversation is everything from one address; of it a reply names which.
    """

    def lock(self, reply: Reply) -> None:
        """Have nobody else answer in the reply's conversation until the transaction ends."""
        ...

    def open_lane(self, lane: Campaign) -> None:
        """Store the campaign that stands for all answers, unless it is there."""
        ...

    def add(self, answer: Message, reply: Reply) -> None: ...
    def standing(self, reply: Reply) -> Message | None:
        """Return the newest answer in the reply's conversation that is not known to be unsent."""
        ...

    def in_conversation(self, reply: Reply, limit: int) -> Sequence[Message]:
        """Return the newest answers of a conversation, those taken back aside, oldest first."""
        ...

    def to(self, reply_id: ReplyId) -> Sequence[MessageId]:
        """Return the answers to one reply, also those taken back, oldest first."""
        ...

    def take_back(self, message_id: MessageId, at: datetime) -> bool:
        """Cancel an answer that has not left; False when it has, may have, or is leaving."""
        ...

    def changed_at(self) -> datetime | None:
        """Return when anything last became of any answer, None without any."""
        ...

    def look(self, subject: str, person_id: PersonId, at: datetime) -> None:
        """Note that somebody has a conversation open."""
        ...

    def looking(self, subject: str, since: datetime) -> Collection[PersonId]:
        """Return who has had a conversation open since then."""
        ...


class Consents(Protocol):
    """Suppressions and consents, outside the book so that they survive every import."""

    def suppress(self, suppression: Suppression) -> bool:
        """Block an address; False when it was blocked already (the first row is kept)."""
        ...

    def lift(self, channel: Channel, address: str) -> bool: ...
    def suppressed(
        self, addresses: Iterable[tuple[Channel, str]]
    ) -> Mapping[tuple[Channel, str], Suppression]: ...
    def opted_out(self) -> Sequence[tuple[CustomerId, Suppression]]:
        """Return every opt-out of an address in the book, with whose customer's it is."""
        ...

    def page(self, cursor: str, limit: int) -> tuple[Sequence[Suppression], str | None]: ...
    def count(self) -> int: ...
    def consent(self, consent: Consent) -> None: ...
    def withdraw(self, channel: Channel, address: str) -> None: ...
    def consented(
        self, addresses: Iterable[tuple[Channel, str]]
    ) -> frozenset[tuple[Channel, str]]: ...
    def evidence(
        self, addresses: Iterable[tuple[Channel, str]]
    ) -> Mapping[tuple[Channel, str], Consent]:
        """Return the recorded consents among `addresses`."""
        ...

    def blocked(
        self, addresses: Collection[tuple[Channel, str]]
    ) -> Mapping[tuple[Channel, str], str]:
        """Return why each address may not be written to; absent means it may."""
        ...


class Inbox(Protocol):
    """Conversations: replies by who wrote them, and everything that went to and fro."""

    def conversations(self, query: InboxQuery, first: int, limit: int) -> Sequence[Reply]:
        """Return the newest matching reply of each address."""
        ...

    def counts(self, query: InboxQuery) -> Mapping[InboxFilter, int]: ...
    def waiting(self) -> int:
        """Return how many conversations wait for a person."""
        ...

    def newest(self) -> str: ...
    def replies_from(self, channel: Channel, address: str, limit: int) -> Sequence[Reply]: ...
    def messages_to(
        self, channel: Channel, address: str, limit: int
    ) -> Sequence[tuple[Message, datetime]]:
        """Return the newest messages that left for an address and when, oldest first."""
        ...

    def of_customer(self, customer_id: CustomerId, limit: int) -> Sequence[Reply]: ...
    def campaigns_of(
        self, customer_id: CustomerId, limit: int
    ) -> Sequence[tuple[CampaignId, Message]]:
        """Return the newest messages that left for a customer, newest first."""
        ...

    def reread(self, changed: Reply) -> None:
        """Store another reading or sender of a reply, and what follows from it."""
        ...

    def finish(self, done: Reply, at: datetime) -> bool:
        """Mark a reply and what came before it from the same address as dealt with."""
        ...

    def reopen(self, finished: Reply) -> bool:
        """Take up again what was dealt with together with a reply; False when it was open."""
        ...
