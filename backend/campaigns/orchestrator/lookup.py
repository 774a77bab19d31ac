"""Find a campaign, a message, a reply or a customer, or say that there is none."""

from campaigns.model.answer import ANSWERS
from campaigns.model.campaign import Campaign
from campaigns.model.customer import Customer
from campaigns.model.errors import Among, NotFound
from campaigns.model.ids import CampaignId, CustomerId, MessageId, ReplyId
from campaigns.model.message import Message
from campaigns.model.ports import Tx
from campaigns.model.reply import Reply


def campaign_in(tx: Tx, campaign_id: CampaignId) -> Campaign:
    """Return the campaign; raise `NotFound` naming it."""
    found = tx.campaigns.get(campaign_id) if campaign_id != ANSWERS else None
    if found is None:
        raise NotFound(f"There is no campaign {campaign_id}.", Among.CAMPAIGNS)
    return found


def lane_in(tx: Tx, campaign_id: CampaignId) -> Campaign:
    """Return the campaign whose lanes carry a message: a campaign's own, or that of answers."""
    found = tx.campaigns.get(campaign_id)
    if found is None:
        raise NotFound(f"There is no campaign {campaign_id}.", Among.CAMPAIGNS)
    return found


def message_in(tx: Tx, campaign_id: CampaignId, message_id: MessageId) -> Message:
    """Return a message of the campaign; raise `NotFound` naming it."""
    found = tx.messages.get(message_id)
    if found is None or found.campaign_id != campaign_id:
        raise NotFound(f"Campaign {campaign_id} has no message {message_id}.", Among.MESSAGES)
    return found


def reply_in(tx: Tx, reply_id: ReplyId) -> Reply:
    """Return the reply; raise `NotFound` naming it."""
    found = tx.replies.get(reply_id)
    if found is None:
        raise NotFound(f"There is no reply {reply_id}.", Among.REPLIES)
    return found


def customer_in(tx: Tx, customer_id: CustomerId) -> Customer:
    """Return the customer; raise `NotFound` naming it."""
    found = tx.customers.get(customer_id)
    if found is None:
        raise NotFound(f"There is no customer {customer_id}.", Among.CUSTOMERS)
    return found
