"""States that take too long to reach by sending: thousands of recipients, doubts, waits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from math import ceil

from sqlalchemy import update

from campaigns.bootstrap import Services
from campaigns.model.access import Actor
from campaigns.model.audience import Member
from campaigns.model.campaign import Approval, CampaignStatus
from campaigns.model.ids import CampaignId, ContactId, CustomerId, MessageId, ReplyId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.ports import Tx
from campaigns.model.template import KnownTemplate, TemplateCategory, TemplateStatus
from campaigns.orchestrator.answer_message import lane, written
from campaigns.store import tables as t

MANY = 4_000
# What a hundred messages of a campaign look like that was paused half way.
HALF_WAY = (
    [MessageStatus.READ] * 31
    + [MessageStatus.DELIVERED] * 22
    + [MessageStatus.ACCEPTED] * 5
    + [MessageStatus.FAILED] * 2
    + [MessageStatus.QUEUED] * 40
)
NO_ANSWER = "the connection broke after the message had left"


def grow(services: Services, campaign_id: CampaignId, customers: int = MANY) -> None:
    """Repeat a draft's customers and messages, as rows, until it has so many customers."""
    with services.store.begin() as tx:
        audience = tx.campaigns.audience(campaign_id)
        times = ceil(customers / len(audience.members))
        members = [m for n in range(times) for m in _members(audience.members, n)][:customers]
        kept = {m.customer_id for m in members}
        grown = replace(
            audience,
            customers=len(members),
            zones=sum(m.zones or 0 for m in members),
            reachable={channel: n * times for channel, n in audience.reachable.items()},
            members=tuple(members),
        )
        messages = tx.messages.all(campaign_id)
        repeated = [m for n in range(times) for m in _messages(messages, n)]
        tx.campaigns.freeze(campaign_id, grown)
        tx.messages.replace_drafts(campaign_id, [m for m in repeated if m.customer_id in kept])


def halve(services: Services, campaign_id: CampaignId, approver: Actor) -> None:
    """Have a draft be a campaign paused half way, with a bit of everything among its messages."""
    now = services.clock.now()
    with services.store.begin() as tx:
        sent = [
            replace(m, status=HALF_WAY[place * 37 % 100], updated_at=now)
            for place, m in enumerate(tx.messages.all(campaign_id))
        ]
        full = {MessageStatus.FAILED: "recipient’s mailbox is full"}
        tx.messages.replace_drafts(
            campaign_id, [replace(m, reason=full.get(m.status)) for m in sent]
        )
        campaign = tx.campaigns.get(campaign_id)
        assert campaign
        yes = Approval(by=approver.name, at=now, content_hash=campaign.content_hash)
        assert tx.campaigns.save(replace(campaign, approval=yes), campaign.revision)
        _pause(tx, campaign_id, services)


def under_way(services: Services, campaign_id: CampaignId) -> None:
    """Have a campaign paused half way be sending, the rest waiting for tomorrow."""
    now = services.clock.now()
    waits = {"not_before": now + timedelta(days=1), "reason": "waits for 10:00 there"}
    mine = t.messages.c.campaign_id == campaign_id
    queued = t.messages.c.status == MessageStatus.QUEUED.value
    with services.store.engine.begin() as connection:
        connection.execute(update(t.messages).where(mine, queued).values(**waits))
    with services.store.begin() as tx:
        paused = [CampaignStatus.PAUSED]
        assert tx.campaigns.move(campaign_id, paused, CampaignStatus.SENDING, now)


def doubt(services: Services, campaign_id: CampaignId) -> None:
    """Have nobody know of an approved campaign's messages whether they arrived."""
    now = services.clock.now()
    with services.store.begin() as tx:
        for message in tx.messages.all(campaign_id):
            lost = replace(
                message, status=MessageStatus.IN_DOUBT, reason=NO_ANSWER, attempt=1, updated_at=now
            )
            tx.messages.edit(lost, [MessageStatus.APPROVED])
        _pause(tx, campaign_id, services)


def answer(
    services: Services, reply_id: ReplyId, author: Actor, status: MessageStatus, reason: str
) -> MessageId:
    """Have a reply an answer in a state, without a provider."""
    now, message_id = services.clock.now(), MessageId(services.ids.new("m"))
    reply = services.inbox.thread(reply_id).reply
    made = written(
        reply,
        None,
        message_id=message_id,
        to=(reply.channel, reply.address),
        words="Thank you for writing. A colleague calls you this afternoon.",
        by=author.name,
        confirmed=(),
        now=now,
        leaves_at=now,
    )
    with services.store.begin() as tx:
        tx.answers.open_lane(lane(now))
        tx.answers.add(replace(made, status=status, reason=reason or None), reply)
    return message_id


def hold(services: Services, message_id: MessageId) -> None:
    """Have an answer leave in a minute, counted from now."""
    leaves_at = services.clock.now() + timedelta(minutes=1)
    held = {"status": MessageStatus.QUEUED.value, "not_before": leaves_at}
    with services.store.engine.begin() as connection:
        row = t.messages.c.id == message_id
        connection.execute(update(t.messages).where(row).values(**held))


def templates(services: Services) -> None:
    """Have Meta tell of a template it approved, one it rejected and one it moved."""
    told = KnownTemplate(
        name="renewal_formal_3f9a",
        language="en",
        status=TemplateStatus.APPROVED,
        category=TemplateCategory.UTILITY,
        submitted_as=TemplateCategory.UTILITY,
        quality="GREEN",
        body="Dear {{greeting}},\nyour contract for {{zones}} zones ends on {{contract_end}}.",
        buttons=("Renew", "Call me"),
    )
    rejected = replace(
        told,
        name="seasonal_warm_77c1",
        language="th",
        status=TemplateStatus.REJECTED,
        reason="INVALID_FORMAT",
        quality="",
        body="เรียน {{greeting}} สัญญาของท่านจะหมดวันที่ {{contract_end}}",
    )
    moved = replace(told, name="survey_warm_10be", category=TemplateCategory.MARKETING)
    with services.store.begin() as tx:
        for one in (told, rejected, moved):
            tx.templates.put(one)


def fail(services: Services, campaign_id: CampaignId) -> None:
    """Have an approved campaign be over, its first three messages failed and the rest delivered."""
    now = services.clock.now()
    whys = ("transient: 503: busy", "rate_limited: 429", "content: 550: looks like spam")
    with services.store.begin() as tx:
        for place, message in enumerate(tx.messages.all(campaign_id)):
            lost = place < len(whys)
            gone = replace(
                message,
                status=MessageStatus.FAILED if lost else MessageStatus.DELIVERED,
                reason=whys[place] if lost else None,
                attempt=1,
                updated_at=now,
            )
            tx.messages.edit(gone, [MessageStatus.APPROVED])
        old = [CampaignStatus.APPROVED]
        assert tx.campaigns.move(campaign_id, old, CampaignStatus.COMPLETED, now)


def _pause(tx: Tx, campaign_id: CampaignId, services: Services) -> None:
    old = [CampaignStatus.DRAFT, CampaignStatus.APPROVED]
    assert tx.campaigns.move(campaign_id, old, CampaignStatus.PAUSED, services.clock.now())


def _members(members: Sequence[Member], n: int) -> Sequence[Member]:
    """Return the members as their `n`th copies; the 0th are themselves."""
    if not n:
        return members
    return [
        replace(m, customer_id=CustomerId(f"{m.customer_id}-{n}"), name=f"{m.name} {n + 1}")
        for m in members
    ]


def _messages(messages: Sequence[Message], n: int) -> Sequence[Message]:
    if not n:
        return messages
    return [
        replace(
            m,
            id=MessageId(f"{m.id}-{n}"),
            customer_id=CustomerId(f"{m.customer_id}-{n}"),
            customer=f"{m.customer} {n + 1}",
            contact_id=ContactId(f"{m.contact_id}-{n}"),
        )
        for m in messages
    ]
