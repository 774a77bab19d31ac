"""Find a campaign or a message, or say that there is none."""

from campaigns.model.campaign import Campaign
from campaigns.model.errors import NotFound
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import Message
from campaigns.model.ports import Tx


def campaign_in(tx: Tx, campaign_id: CampaignId) -> Campaign:
    """Return the campaign; raise `NotFound` naming it."""
    found = tx.campaigns.get(campaign_id)
    if found is None:
        raise NotFound(f"There is no campaign {campaign_id}. List them: GET /api/campaigns")
    return found


def message_in(tx: Tx, campaign_id: CampaignId, message_id: MessageId) -> Message:
    """Return a message of the campaign; raise `NotFound` naming it."""
    found = tx.messages.get(message_id)
    if found is None or found.campaign_id != campaign_id:
        raise NotFound(
            f"Campaign {campaign_id} has no message {message_id}. "
            f"List them: GET /api/campaigns/{campaign_id}/messages"
        )
    return found
