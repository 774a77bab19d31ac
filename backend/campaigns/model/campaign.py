"""A campaign: a request, its plan, its audience and messages, and its approval."""

from dataclasses import dataclass
from datetime import datetime
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
class Campaign:
    """A campaign as stored. `revision` grows with every change of plan, audience or message.

    `content_hash` is the hash of the messages and audience as they are now. `channels` is what
    `send` was asked to use; empty means all. `epoch` counts starts and resumes of sending.
    `variants` are the texts tried on parts of the audience; empty means one text for all.
    `individual` are the customers who get a text of their own.
    Once it was `rolled_back`, nothing more of it leaves.
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
    toggles: tuple[Toggle, ...] = ()
    channels: tuple[Channel, ...] = ()
    schedule_at: datetime | None = None
    epoch: int = 0
    note: str = ""
    variants: tuple[Variant, ...] = ()
    individual: tuple[CustomerId, ...] = ()
    rolled_back: bool = False
