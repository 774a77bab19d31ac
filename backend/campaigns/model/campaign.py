"""A campaign: a request, its plan, its audience and messages, and its approval."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from campaigns.model.audience import Toggle
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, CustomerId
from campaigns.model.plan import Plan
from campaigns.model.variant import Variant


class CampaignStatus(StrEnum):
    """Where a campaign is in its life; `flow.approve` owns the moves between them."""

    NEEDS_CLARIFICATION = "needs_clarification"
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    COMPLETED = "completed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A yes, bound to a hash of exactly these messages to exactly these people."""

    by: str
    at: datetime
    content_hash: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalTime:
    """A time of day by each customer's own clock: the first that comes after `since`.

    `on` is the earliest day, None for any. `since` is None as long as an approval decides it.
    """

    at: time
    on: date | None = None
    since: datetime | None = None

    def __str__(self) -> str:
        return f"{self.at:%H:%M} in each customer's time zone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign as stored. `revision` grows with every change of plan, audience or message.

    `last_approval` is the one before, void since the campaign was changed after it.
    `content_hash` is the hash of the messages and audience as they are now. `channels` is what
    `send` was asked to use; empty means all. `epoch` counts starts and resumes of sending.
    `variants` are the texts tried on parts of the audience; empty means one text for all.
    `composed_from` is the digest of the customer book its messages were written from.
    `individual` are the customers who get a text of their own.
    `schedule_at` is when its first message may leave. With a `local_time` each customer's messages
    wait for that time there; in a campaign that is not approved yet it is what an approval starts.
    Once it was `rolled_back`, nothing more of it leaves. `archived` takes it off the list, and
    changes nothing else.
    """

    id: CampaignId
    name: str
    status: CampaignStatus
    request: str | None
    plan: Plan
    author: str
    created_at: datetime
    updated_at: datetime
    revision: int = 1
    content_hash: str = ""
    approval: Approval | None = None
    last_approval: Approval | None = None
    toggles: tuple[Toggle, ...] = ()
    channels: tuple[Channel, ...] = ()
    schedule_at: datetime | None = None
    local_time: LocalTime | None = None
    epoch: int = 0
    note: str = ""
    variants: tuple[Variant, ...] = ()
    individual: tuple[CustomerId, ...] = ()
    composed_from: str = ""
    rolled_back: bool = False
    archived: bool = False
