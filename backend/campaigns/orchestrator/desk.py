"""What people at the console look at: lists and overviews, read in one go."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from campaigns.flow.insight import Funnel, funnel
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.ports import Store, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignLine:
    """One campaign in a list: how many customers it is for, and what came of it so far."""

    campaign: Campaign
    customers: int
    funnel: Funnel


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignList:
    """One page of campaigns; `total` counts all that match, `counts` all there are by state."""

    lines: Sequence[CampaignLine]
    total: int
    counts: Mapping[CampaignStatus, int]


class Desk:
    """Reads for the console."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def campaigns(
        self, statuses: Collection[CampaignStatus], words: str, first: int, limit: int
    ) -> CampaignList:
        """Return campaigns in any of `statuses` (none means all) whose name holds `words`."""
        with self._store.read() as tx:
            found, total = tx.desk.campaigns(statuses, words, first, limit)
            return CampaignList(
                lines=[_line(tx, c) for c in found], total=total, counts=tx.campaigns.counts()
            )

    def waiting(self) -> tuple[Mapping[CampaignStatus, int], int]:
        """Return how many campaigns are in each state, and how many replies wait for a person."""
        with self._store.read() as tx:
            return tx.campaigns.counts(), tx.desk.waiting()


def _line(tx: Tx, campaign: Campaign) -> CampaignLine:
    return CampaignLine(
        campaign=campaign,
        customers=tx.campaigns.audience(campaign.id, 0, 0).customers,
        funnel=funnel(tx.messages.counts(campaign.id), tx.replies.answered(campaign.id), 0),
    )
