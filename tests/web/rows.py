"""States that take too long to reach by sending: thousands of recipients, messages in doubt."""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from campaigns.bootstrap import Services
from campaigns.model.access import Actor
from campaigns.model.audience import Member
from campaigns.model.campaign import Approval, CampaignStatus
from campaigns.model.ids import CampaignId, ContactId, CustomerId, MessageId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.ports import Tx

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


def grow(services: Services, campaign_id: CampaignId) -> None:
    """Repeat a draft's customers and messages, as rows, until it has `MANY` customers."""
    with services.store.begin() as tx:
        audience = tx.campaigns.audience(campaign_id)
        times = ceil(MANY / len(audience.members))
        members = [m for n in range(times) for m in _members(audience.members, n)][:MANY]
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
