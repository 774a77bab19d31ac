"""Statistics: customers, limits, campaigns and what came of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from campaigns.flow.insight import Funnel, converted, funnel, nps
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.delivery import Allowance, QuotaUse, WarmUpDay
from campaigns.model.ids import CampaignId, CustomerId
from campaigns.model.message import MessageStatus
from campaigns.model.plan import CampaignType
from campaigns.model.ports import Tx
from campaigns.model.reply import Intent
from campaigns.orchestrator.allowances import Allowances
from campaigns.orchestrator.lookup import campaign_in
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.warming import WarmUps

RECENT = 100  # campaigns whose funnels are added up


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFigures:
    """What came of one campaign."""

    campaign: Campaign
    funnel: Funnel
    by_channel: Mapping[Channel, Mapping[MessageStatus, int]]
    replies: Mapping[Intent, int]
    nps: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What a provider's plan allows this month; `reserved` messages are queued to be taken off."""

    allowance: Allowance
    reserved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The whole picture. `months` names only channels whose provider told what its plan allows.

    `warm_ups` names only channels that still warm up.
    """

    customers: int
    by: Mapping[str, Mapping[str, int]]
    reachability: Mapping[str, int]
    suppressed: int
    limits: tuple[QuotaUse, ...]
    months: Mapping[Channel, Month]
    warm_ups: Mapping[Channel, WarmUpDay]
    halted: Mapping[Channel, str]
    campaigns: Mapping[CampaignStatus, int]
    funnels: tuple[CampaignFigures, ...]
    replies: Mapping[Intent, int]
    nps: float | None


class Insights:
    """The insight step."""

    def __init__(self, ports: Ports, months: Allowances, warm_ups: WarmUps) -> None:
        self._p = ports
        self._months = months
        self._warm_ups = warm_ups

    def campaign(self, campaign_id: CampaignId) -> CampaignFigures:
        """Return what came of one campaign."""
        with self._p.store.read() as tx:
            return self._figures(tx, campaign_in(tx, campaign_id))

    def all(self) -> Figures:
        """Return the whole picture; funnels of the newest campaigns."""
        now = self._p.clock.now()
        warm_ups = self._warm_ups.today()
        self._months.refresh()  # before the database is looked at: a provider may take seconds
        with self._p.store.read() as tx:
            recent, _ = tx.campaigns.page(None, "", RECENT)
            return Figures(
                customers=tx.customers.count(),
                by={
                    name: tx.customers.counts(column)
                    for name, column in (
                        ("brand", "brand_group"),
                        ("region", "region"),
                        ("country", "country"),
                        ("platform", "platform"),
                        ("size", "size"),
                        ("business_type", "business_type"),
                    )
                },
                reachability=tx.customers.reachability(),
                suppressed=tx.consents.count(),
                limits=tuple(
                    tx.outbox.use(channel, carrier.quota, now)
                    for channel, carrier in self._p.carriers.items()
                ),
                months={
                    channel: Month(allowance=known, reserved=tx.outbox.queued(channel))
                    for channel in self._p.carriers
                    if (known := self._months.known(channel)) is not None
                },
                warm_ups=warm_ups,
                halted=tx.outbox.halted(now),
                campaigns=tx.campaigns.counts(),
                funnels=tuple(self._figures(tx, c) for c in recent),
                replies=tx.replies.by_intent(),
                nps=nps(tx.replies.scores()),
            )

    def _figures(self, tx: Tx, campaign: Campaign) -> CampaignFigures:
        counts = tx.messages.counts(campaign.id)
        by_channel: dict[Channel, dict[MessageStatus, int]] = {}
        for (channel, status), n in counts.items():
            by_channel.setdefault(channel, {})[status] = n
        return CampaignFigures(
            campaign=campaign,
            funnel=funnel(counts, tx.replies.answered(campaign.id), len(renewed(tx, campaign))),
            by_channel=by_channel,
            replies=tx.replies.by_intent(campaign.id),
            nps=nps(tx.replies.scores(campaign.id)),
        )


def renewed(tx: Tx, campaign: Campaign) -> frozenset[CustomerId]:
    """Return the customers of a renewal campaign whose contract was renewed since."""
    if campaign.plan.type is not CampaignType.RENEWAL:
        return frozenset()
    members = tx.campaigns.audience(campaign.id).members
    return converted(members, tx.customers.many([m.customer_id for m in members]))
