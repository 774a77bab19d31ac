"""Messages as their recipients get them, and what became of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from campaigns.api.expected import ForecastOut, LeavesOut
from campaigns.api.shapes.audiences import LeftOutOut
from campaigns.api.shapes.campaigns import LocalTimeOut
from campaigns.model.campaign import CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.message import Check, Message, MessageStatus, Review
from campaigns.orchestrator.words import is_confirmable


class CheckOut(BaseModel):
    check: str
    ok: bool
    found: str | None = None
    expected: str | None = None
    source: str | None = None
    to_confirm: bool = False
    start: int | None = None
    end: int | None = None


class TemplateOut(BaseModel):
    name: str
    language: str
    parameters: dict[str, str]


class ContactRefOut(BaseModel):
    contact_id: str
    name: str | None
    address: str


class StepOut(BaseModel):
    at: datetime
    what: str
    detail: str


class ReserveOut(BaseModel):
    """What leaves over the contact's next channel should the first message fail for good."""

    message_id: str
    channel: Channel
    address: str
    language: str
    subject: str | None
    text: str
    html: str | None
    template: TemplateOut | None
    gaps: list[str]
    reserve: "ReserveOut | None" = None


class MessageOut(BaseModel):
    message_id: str
    customer_id: str
    customer: str
    contact: ContactRefOut
    channel: Channel
    variant: str | None = None
    language: str
    subject: str | None = None
    text: str
    html: str | None = None
    template: TemplateOut | None = None
    status: MessageStatus
    reason: str | None
    gaps: list[str]
    edited: bool
    review: Review | None = None
    reviewed_by: str | None = None
    writer: str
    fallback: str | None
    checks: list[CheckOut]
    attempts: int
    not_before: datetime | None
    events: list[StepOut]
    reserve: ReserveOut | None = None
    reserve_of: str | None = None


class MessagesOut(BaseModel):
    messages: list[MessageOut]
    next_cursor: str | None


class PreviewOut(BaseModel):
    campaign_id: str
    status: CampaignStatus
    content_hash: str
    sample_messages: list[MessageOut]
    statistics: dict[str, Any]
    forecast: ForecastOut
    local_time: LocalTimeOut | None = None


class SentOut(BaseModel):
    campaign_id: str
    status: CampaignStatus
    queued: int
    skipped: list[LeftOutOut]
    test_to: dict[Channel, str] | None = None
    schedule_at: datetime | None = None
    local_time: LocalTimeOut | None = None
    leaves: LeavesOut | None = None


class RetriedOut(BaseModel):
    """How many messages are on their way again."""

    campaign_id: str
    status: CampaignStatus
    queued: int


class RollbackOut(BaseModel):
    campaign_id: str
    status: CampaignStatus
    cancelled: int
    sent: int
    delivered: int
    in_doubt: int
    correction: str | None


def _check(c: Check) -> CheckOut:
    spanned = c.start >= 0
    return CheckOut(
        check=c.check,
        ok=c.ok,
        found=c.found,
        expected=c.expected,
        source=c.source,
        to_confirm=is_confirmable(c),
        start=c.start if spanned else None,
        end=c.end if spanned else None,
    )


def message(m: Message) -> MessageOut:
    """Return a message as its recipient gets it, with its checks and its life."""
    return MessageOut(
        message_id=m.id,
        customer_id=m.customer_id,
        customer=m.customer,
        contact=ContactRefOut(contact_id=m.contact_id, name=m.contact, address=m.address),
        channel=m.channel,
        variant=m.variant or None,
        language=m.language,
        subject=m.subject or None,
        text=m.text,
        html=m.html,
        template=_template(m),
        status=m.status,
        reason=m.reason,
        gaps=list(m.gaps),
        edited=m.edited,
        review=m.review,
        reviewed_by=m.reviewed_by,
        writer=m.engine,
        fallback=m.fallback,
        checks=[_check(c) for c in m.checks],
        attempts=m.attempt,
        not_before=m.not_before,
        events=[StepOut(at=s.at, what=s.what, detail=s.detail) for s in m.history],
        reserve=_reserve(m.in_reserve) if m.in_reserve else None,
        reserve_of=m.reserve_of,
    )


def _reserve(m: Message) -> ReserveOut:
    return ReserveOut(
        message_id=m.id,
        channel=m.channel,
        address=m.address,
        language=m.language,
        subject=m.subject or None,
        text=m.text,
        html=m.html,
        template=_template(m),
        gaps=list(m.gaps),
        reserve=_reserve(m.in_reserve) if m.in_reserve else None,
    )


def _template(m: Message) -> TemplateOut | None:
    if m.template is None:
        return None
    return TemplateOut(
        name=m.template.name,
        language=m.template.language,
        parameters=dict(m.template.parameters),
    )


def messages(found: Iterable[Message]) -> list[MessageOut]:
    """Return messages."""
    return [message(m) for m in found]
