"""The seal of an approval: the hash of what is there, compared with what somebody said yes to."""

from collections.abc import Iterable

from campaigns.flow.approve import content_hash
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
    """Return the content hash of what is stored now, read a few messages at a time."""
    left_out = (customer_id for customer_id, _ in tx.campaigns.unwritten(campaign_id))
    return content_hash(tx.messages.each(campaign_id), left_out)


def hash_of(messages: Iterable[Message], audience: Audience) -> str:
    """Return the content hash of these messages to this audience."""
    in_order = sorted(messages, key=lambda m: m.id)
    written = {m.customer_id for m in in_order}
    left_out = {m.customer_id for m in audience.members} - written
    return content_hash(in_order, sorted(left_out))
