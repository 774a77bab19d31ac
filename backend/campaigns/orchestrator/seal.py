"""The seal of an approval: the hash of what is there, compared with what somebody said yes to."""

from collections.abc import Sequence

from campaigns.flow.approve import Content, content_hash
from campaigns.model.audience import Audience
from campaigns.model.campaign import Campaign
from campaigns.model.errors import Stale
from campaigns.model.ids import CampaignId
from campaigns.model.message import Message
from campaigns.model.ports import Tx


def require_what_was_approved(tx: Tx, campaign: Campaign) -> None:
    """Raise `Stale` unless messages and audience are, byte for byte, what was approved."""
    if campaign.approval is None or campaign.approval.content_hash != hash_now(tx, campaign.id):
        raise Stale(
            f"Campaign {campaign.id} is not what was approved: a message or the audience "
            "changed since. Read the preview, submit it and have it approved again."
        )


def hash_now(tx: Tx, campaign_id: CampaignId) -> str:
    """Return the content hash of the messages and audience as they are now."""
    content = Content()
    for message in tx.messages.each(campaign_id):
        content.add(message)
    return content.hash(customer_id for customer_id, _ in tx.campaigns.unwritten(campaign_id))


def hash_of(messages: Sequence[Message], audience: Audience) -> str:
    """Return the content hash of these messages to this audience."""
    written = {m.customer_id for m in messages}
    return content_hash(
        messages, [m.customer_id for m in audience.members if m.customer_id not in written]
    )
