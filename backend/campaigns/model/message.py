"""A message: one text for one contact on one channel, its checks and its life."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from campaigns.model.answer import Answer
from campaigns.model.customer import Channel
from campaigns.model.facts import Facts
from campaigns.model.ids import CampaignId, ContactId, CustomerId, MessageId


class MessageStatus(StrEnum):
    """Where a message is in its life; `flow.track` owns the moves between them."""

    DRAFTED = "drafted"
    VERIFIED = "verified"
    BLOCKED = "blocked"
    APPROVED = "approved"
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    IN_DOUBT = "in_doubt"


class Review(StrEnum):
    """Why a person looks at a message by itself."""

    INDIVIDUAL = "individual"  # a model wrote it for this customer alone
    HIGH_VALUE = "high_value"  # its customer is a high-value one
    LANGUAGE = "language"  # it is in a language that the checks cannot read


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One verdict of the fact guard.

    `check` is a stable name ("number", "zones", "claim", "placeholder"). `found` is the
    message's own words, `start` and `end` their span in the text (end exclusive, -1 when the
    check is about something absent or in the subject), `expected` what the record says,
    `source` where the record says it. `by` is the person who stands behind it where no record does.
    """

    check: str
    ok: bool
    found: str | None = None
    expected: str | None = None
    source: str | None = None
    start: int = -1
    end: int = -1
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What WhatsApp sends instead of free text: an approved template and its parameters.

    `body` is the text as it is registered, its parameters by name in double braces.
    """

    name: str
    language: str
    parameters: Mapping[str, str]
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One text for one contact on one channel.

    Unique per campaign x contact x channel (and, for tests, apart from them: `is_test`).
    `address` is where it goes; a test may go elsewhere than the contact's own address.
    `country` is the customer's, whose holidays count, "" where it is not known.
    `reason` explains `failed`, `suppressed`, `skipped`, `in_doubt` and waiting. `attempt` counts
    tries at the provider, 0 before the first. `provider_id` is the provider's id once accepted.
    `vouched` counts its checks that only a person stands behind, not the record.
    `edited` is True once a person changed the text. `engine` wrote the text before that, and
    `fallback` says why a model did not. `variant` is the key of the variant it was written in,
    "" in a campaign without variants. `review` says why a person has to look at this very
    message before the campaign is submitted (None for no reason), `reviewed_by` who did.
    `reserve` is what the same contact gets over their next channel should this one fail for good;
    it becomes a message of its own then, of which `reserve_of` names the first, and may have a
    reserve itself.
    `answer` makes it an answer to a reply, whose lane is `model.answer.ANSWERS`: it is to whoever
    wrote, so its `contact_id` is its own id, and nobody need be in the book for it.
    """

    id: MessageId
    campaign_id: CampaignId
    customer_id: CustomerId
    customer: str
    contact_id: ContactId
    contact: str | None
    channel: Channel
    address: str
    cohort: str
    variant: str = ""
    language: str
    text: str
    subject: str = ""
    preheader: str = ""
    html: str | None = None
    template: Template | None = None
    facts: Facts
    gaps: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    status: MessageStatus = MessageStatus.DRAFTED
    reason: str | None = None
    is_test: bool = False
    edited: bool = False
    vouched: int = 0
    review: Review | None = None
    reviewed_by: str | None = None
    engine: str = "embedded"
    fallback: str | None = None
    attempt: int = 0
    provider_id: str | None = None
    timezone: str = ""
    country: str = ""
    not_before: datetime | None = None
    updated_at: datetime | None = None
    reserve: "Message | None" = None
    reserve_of: MessageId | None = None
    answer: Answer | None = None
    history: tuple["MessageStep", ...] = field(default=())

    @property
    def in_reserve(self) -> "Message | None":
        """The reserve that may be called: none once a person chose words for this one channel."""
        return None if self.edited else self.reserve

    @property
    def all_in_reserve(self) -> "tuple[Message, ...]":
        """The reserve, its own reserve, and so on: in the order they would be called."""
        first = self.in_reserve
        return () if first is None else (first, *first.all_in_reserve)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """A message's words and the checks that it does not pass."""

    id: MessageId
    text: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one message so far, without its words."""

    customer_id: CustomerId
    channel: Channel
    status: MessageStatus
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageStep:
    """One thing that happened to a message: an attempt or a delivery event, oldest first."""

    at: datetime
    what: str
    detail: str = ""
