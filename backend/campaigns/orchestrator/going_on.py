"""A campaign goes on with messages that a person has sent again, also when it was completed."""

from collections.abc import Sequence
from datetime import datetime

from campaigns.flow.approve import require
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.errors import WrongState
from campaigns.model.ports import Dispatcher, Tx
from campaigns.orchestrator.lookup import campaign_in

C = CampaignStatus
OPEN = frozenset({C.SENDING, C.PAUSED, C.COMPLETED})


def require_open(campaign: Campaign) -> None:
    """Raise `WrongState` when nothing of the campaign may be sent again."""
    require(campaign, OPEN, "sent again")
    if campaign.rolled_back:
        raise WrongState(f"Campaign {campaign.id} was rolled back; nothing of it leaves.")


def go_on(
    tx: Tx, dispatcher: Dispatcher, campaign: Campaign, channels: Sequence[Channel], now: datetime
) -> None:
    """Have what was queued again leave: of a completed campaign too; of a paused one, later."""
    tx.campaigns.move(campaign.id, [C.COMPLETED], C.SENDING, now)
    sending = campaign_in(tx, campaign.id)
    if sending.status is C.SENDING:
        dispatcher.start(tx, sending, channels, now)
