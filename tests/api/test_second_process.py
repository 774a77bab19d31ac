"""While a server has the data folder, another process hands its work to it."""

from tests.api.conftest import Until

from campaigns.bootstrap import Services, opened
from campaigns.model.access import SYSTEM
from campaigns.model.campaign import CampaignStatus
from campaigns.model.ids import CampaignId

REQUEST = "Send a renewal reminder to Hilton Pattaya by e-mail"


def test_a_campaign_sent_by_another_process_leaves_through_the_server(
    house: Services, until: Until
) -> None:
    with opened(house.settings) as other:
        campaign, _ = other.drafts.create(REQUEST, SYSTEM)
        shown = other.approvals.submit(campaign.id, SYSTEM).content_hash
        other.approvals.approve(campaign.id, shown, SYSTEM)
        assert other.sends.send(campaign.id, SYSTEM).queued == 2
    until(lambda: status(house, campaign.id) is CampaignStatus.COMPLETED)


def status(house: Services, campaign_id: CampaignId) -> CampaignStatus:
    with house.store.read() as tx:
        found = tx.campaigns.get(campaign_id)
    assert found is not None
    return found.status
