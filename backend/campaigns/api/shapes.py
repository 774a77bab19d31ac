"""Answers: what each route gives, typed for OpenAPI, filled from model values."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from campaigns.api.expected import ForecastOut
from campaigns.model.access import ApiKey, Scope
from campaigns.model.audience import Audience, ChosenContact, Member
from campaigns.model.audit import AuditEntry
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.consent import Suppression, SuppressionReason
from campaigns.model.customer import Channel, Customer, Known
from campaigns.model.message import Check, Message, MessageStatus
from campaigns.model.reply import Intent, Reply, Sentiment


class UnderstoodOut(BaseModel):
    words: str
    meaning: str


class ChoiceOut(BaseModel):
    label: str
    request: str


class QuestionOut(BaseModel):
    text: str
    choices: list[ChoiceOut]


class PlanOut(BaseModel):
    type: str | None
    filters: dict[str, Any]
    exclude: dict[str, Any]
    everyone: bool
    context: str | None
    occasion: str | None
    channels: list[Channel]
    language: str | None
    tone: str | None
    send_at: datetime | None
    understood: list[UnderstoodOut]
    assumptions: list[str]
    not_understood: list[str]
    questions: list[QuestionOut]
    engine: str
    fallback: str | None


class ReachOut(BaseModel):
    email: int
    whatsapp: int
    line: int
    none: int


class LeftOutOut(BaseModel):
    reason: str
    customers: int


class NearMissOut(BaseModel):
    customer_id: str
    name: str
    reason: str


class AudienceOut(BaseModel):
    """Totals; `customers` + the sum of `excluded` = all customers of the book."""

    customers: int
    zones: int
    reachable: ReachOut
    by_brand: dict[str, int]
    by_country: dict[str, int]
    excluded: list[LeftOutOut]
    unreachable: list[LeftOutOut]
    near_misses: list[NearMissOut]
    value: dict[str, Decimal] | None = None
    hint: str | None = None


class ContactOut(BaseModel):
    contact_id: str
    name: str | None
    role: str
    chosen: bool
    why: str
    channels: list[Channel]
    addresses: dict[Channel, str]
    blocked: dict[Channel, str]


class MemberOut(BaseModel):
    customer_id: str
    name: str
    brand: str | None
    brand_group: str | None
    city: str | None
    country: str | None
    zones: int | None
    contract_end: date | None
    contacts: list[ContactOut]
    channels: list[Channel]
    why: list[str]
    unreachable: str | None


class AudiencePageOut(BaseModel):
    customers: list[MemberOut]
    near_misses: list[NearMissOut]
    totals: AudienceOut
    next_cursor: str | None


class ApprovalOut(BaseModel):
    by: str
    at: datetime
    content_hash: str
    note: str


class CampaignOut(BaseModel):
    campaign_id: str
    name: str
    status: CampaignStatus
    request: str | None
    interpreter: str
    author: str
    created_at: datetime
    updated_at: datetime
    revision: int
    content_hash: str
    approval: ApprovalOut | None
    channels: list[Channel]
    schedule_at: datetime | None
    note: str
    plan: PlanOut


class CreatedOut(BaseModel):
    campaign_id: str
    status: CampaignStatus
    interpreter: str
    plan: PlanOut
    audience: AudienceOut
    name: str
    next: str


class SaidOut(BaseModel):
    """What words did to a campaign; with a `question` nothing was changed."""

    campaign: CampaignOut
    audience: AudienceOut
    customers_before: int
    understood: list[UnderstoodOut]
    changes: list[str]
    question: QuestionOut | None


class CampaignsOut(BaseModel):
    campaigns: list[CampaignOut]
    next_cursor: str | None


class CheckOut(BaseModel):
    check: str
    ok: bool
    found: str | None = None
    expected: str | None = None
    source: str | None = None
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
    writer: str
    fallback: str | None
    checks: list[CheckOut]
    attempts: int
    not_before: datetime | None
    events: list[StepOut]


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


class SentOut(BaseModel):
    campaign_id: str
    status: CampaignStatus
    queued: int
    skipped: list[LeftOutOut]
    test_to: dict[Channel, str] | None = None
    schedule_at: datetime | None = None


class RollbackOut(BaseModel):
    campaign_id: str
    status: CampaignStatus
    cancelled: int
    sent: int
    delivered: int
    in_doubt: int
    correction: str | None


class ReplyOut(BaseModel):
    reply_id: str
    customer: str | None
    campaign_id: str | None
    intent: Intent
    intents: list[Intent]
    confidence: float
    sentiment: Sentiment
    language: str
    suggested_action: str
    action: str
    suggested_reply: str | None
    escalate: bool
    urgent: bool
    why: str
    likeliest: list[Intent]
    follow_up_on: date | None
    score: int | None
    interpreter: str
    fallback: str | None


class StoredReplyOut(ReplyOut):
    customer_id: str | None
    contact: str | None
    channel: Channel
    message: str
    received_at: datetime
    done_at: datetime | None


class RepliesOut(BaseModel):
    replies: list[StoredReplyOut]
    next_cursor: str | None


class SuppressionOut(BaseModel):
    channel: Channel
    address: str
    reason: SuppressionReason
    source: str
    since: datetime


class SuppressionsOut(BaseModel):
    suppressions: list[SuppressionOut]
    next_cursor: str | None


class KeyOut(BaseModel):
    key_id: str
    owner: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class NewKeyOut(KeyOut):
    key: str


class KeysOut(BaseModel):
    keys: list[KeyOut]


class AuditOut(BaseModel):
    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    hash: str


class AuditPageOut(BaseModel):
    entries: list[AuditOut]
    next_cursor: str | None


class KnownOut(BaseModel):
    value: str
    source: str
    rule: str
    confidence: float
    line: int


class CustomerContactOut(BaseModel):
    contact_id: str
    name: str | None
    role: str
    addresses: dict[Channel, str]
    line: int


class CustomerOut(BaseModel):
    customer_id: str
    name: str
    line: int
    business_type: str | None
    zone_count: int | None
    zone_names: list[str]
    size: str | None
    platform: str | None
    price_per_zone: Decimal | None
    currency: str | None
    contract_start: date | None
    contract_end: date | None
    brand_group: KnownOut | None
    brand: KnownOut | None
    city: KnownOut | None
    country: KnownOut | None
    region: KnownOut | None
    timezone: KnownOut | None
    language: KnownOut | None
    contacts: list[CustomerContactOut]
    private: dict[str, Any] | None = None


class CustomersOut(BaseModel):
    customers: list[CustomerOut]
    next_cursor: str | None


class DiagnosticOut(BaseModel):
    code: str
    severity: str
    line: int
    excerpt: str
    message: str
    suggestion: str


# --- filling ---------------------------------------------------------------------------------------


def audience(a: Audience) -> AudienceOut:
    """Return the totals of an audience."""
    return AudienceOut(
        customers=a.customers,
        zones=a.zones,
        reachable=ReachOut(
            **{ch.value: a.reachable.get(ch, 0) for ch in Channel}, none=a.unreachable
        ),
        by_brand=dict(a.by_brand),
        by_country=dict(a.by_country),
        excluded=[LeftOutOut(reason=x.reason, customers=x.customers) for x in a.excluded],
        unreachable=[LeftOutOut(reason=x.reason, customers=x.customers) for x in a.unreachable_why],
        near_misses=[_near(n) for n in a.near_misses],
        value=dict(a.value) or None,
        hint=a.hint or None,
    )


def _near(n: Any) -> NearMissOut:
    return NearMissOut(customer_id=n.customer_id, name=n.name, reason=n.reason)


def audience_page(a: Audience, next_cursor: str | None) -> AudiencePageOut:
    """Return one page of an audience's members with its totals."""
    return AudiencePageOut(
        customers=[member(m) for m in a.members],
        near_misses=[_near(n) for n in a.near_misses],
        totals=audience(a),
        next_cursor=next_cursor,
    )


def member(m: Member) -> MemberOut:
    """Return one member of an audience."""
    return MemberOut(
        customer_id=m.customer_id,
        name=m.name,
        brand=m.brand,
        brand_group=m.brand_group,
        city=m.city,
        country=m.country,
        zones=m.zones,
        contract_end=m.contract_end,
        contacts=[_contact(c) for c in m.contacts],
        channels=list(m.channels),
        why=list(m.why),
        unreachable=m.unreachable,
    )


def _contact(c: ChosenContact) -> ContactOut:
    return ContactOut(
        contact_id=c.contact.id,
        name=c.contact.name,
        role=c.contact.role_written,
        chosen=c.chosen,
        why=c.why,
        channels=list(c.channels),
        addresses={a.channel: a.value for a in c.contact.addresses},
        blocked=dict(c.blocked),
    )


def campaign(c: Campaign, plan: PlanOut) -> CampaignOut:
    """Return a campaign."""
    return CampaignOut(
        campaign_id=c.id,
        name=c.name,
        status=c.status,
        request=c.request,
        interpreter=c.plan.engine,
        author=c.author,
        created_at=c.created_at,
        updated_at=c.updated_at,
        revision=c.revision,
        content_hash=c.content_hash,
        approval=ApprovalOut(
            by=c.approval.by,
            at=c.approval.at,
            content_hash=c.approval.content_hash,
            note=c.approval.note,
        )
        if c.approval
        else None,
        channels=list(c.channels),
        schedule_at=c.schedule_at,
        note=c.note,
        plan=plan,
    )


def _check(c: Check) -> CheckOut:
    spanned = c.start >= 0
    return CheckOut(
        check=c.check,
        ok=c.ok,
        found=c.found,
        expected=c.expected,
        source=c.source,
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
        template=TemplateOut(
            name=m.template.name,
            language=m.template.language,
            parameters=dict(m.template.parameters),
        )
        if m.template
        else None,
        status=m.status,
        reason=m.reason,
        gaps=list(m.gaps),
        edited=m.edited,
        writer=m.engine,
        fallback=m.fallback,
        checks=[_check(c) for c in m.checks],
        attempts=m.attempt,
        not_before=m.not_before,
        events=[StepOut(at=s.at, what=s.what, detail=s.detail) for s in m.history],
    )


def messages(found: Iterable[Message]) -> list[MessageOut]:
    """Return messages."""
    return [message(m) for m in found]


def _reading(r: Reply) -> dict[str, Any]:
    return {
        "reply_id": r.id,
        "customer": r.sender.customer if r.sender else None,
        "campaign_id": r.sender.campaign_id if r.sender else None,
        "intent": r.reading.intent,
        "intents": list(r.reading.intents),
        "confidence": round(r.reading.confidence, 3),
        "sentiment": r.reading.sentiment,
        "language": r.reading.language,
        "suggested_action": r.suggestion.words,
        "action": r.suggestion.action.value,
        "suggested_reply": r.suggestion.draft,
        "escalate": r.suggestion.escalate,
        "urgent": r.suggestion.urgent,
        "why": r.reading.why,
        "likeliest": list(r.reading.likeliest),
        "follow_up_on": r.suggestion.follow_up_on,
        "score": r.reading.score,
        "interpreter": r.reading.engine,
        "fallback": r.reading.fallback,
    }


def reply(r: Reply) -> ReplyOut:
    """Return how a reply was read."""
    return ReplyOut(**_reading(r))


def stored_reply(r: Reply) -> StoredReplyOut:
    """Return a kept reply."""
    return StoredReplyOut(
        **_reading(r),
        customer_id=r.sender.customer_id if r.sender else None,
        contact=r.sender.contact if r.sender else None,
        channel=r.channel,
        message=r.text,
        received_at=r.received_at,
        done_at=r.done_at,
    )


def suppression(s: Suppression) -> SuppressionOut:
    """Return a suppression; its evidence stays inside."""
    return SuppressionOut(
        channel=s.channel, address=s.address, reason=s.reason, source=s.source, since=s.at
    )


def key(k: ApiKey) -> KeyOut:
    """Return a key without its secret, which nobody knows."""
    return KeyOut(
        key_id=k.id,
        owner=k.owner,
        scopes=sorted(k.scopes),
        created_at=k.created_at,
        expires_at=k.expires_at,
        revoked_at=k.revoked_at,
    )


def audit(e: AuditEntry) -> AuditOut:
    """Return an entry of the audit trail."""
    return AuditOut(
        seq=e.seq,
        at=e.at,
        actor=e.actor,
        action=e.action,
        subject=e.subject,
        detail=dict(e.detail),
        hash=e.hash,
    )


def _known(k: Known[str] | None) -> KnownOut | None:
    if k is None:
        return None
    return KnownOut(
        value=k.value, source=k.source.value, rule=k.rule, confidence=k.confidence, line=k.line
    )


def customer(c: Customer, private: dict[str, Any] | None = None) -> CustomerOut:
    """Return a customer; `private` only for callers with the `notes` scope."""
    return CustomerOut(
        customer_id=c.id,
        name=c.name,
        line=c.line,
        business_type=c.business_type,
        zone_count=c.zone_count,
        zone_names=list(c.zone_names),
        size=c.size.value if c.size else None,
        platform=c.platform,
        price_per_zone=c.price_per_zone.amount if c.price_per_zone else None,
        currency=c.price_per_zone.currency if c.price_per_zone else c.currency,
        contract_start=c.contract_start,
        contract_end=c.contract_end,
        **{
            name: _known(getattr(c, name))
            for name in (
                "brand_group",
                "brand",
                "city",
                "country",
                "region",
                "timezone",
                "language",
            )
        },
        contacts=[
            CustomerContactOut(
                contact_id=x.id,
                name=x.name,
                role=x.role_written,
                addresses={a.channel: a.value for a in x.addresses},
                line=x.line,
            )
            for x in c.contacts
        ],
        private=private,
    )
