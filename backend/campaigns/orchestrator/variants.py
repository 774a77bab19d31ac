"""Several texts tried on parts of one audience: set, taken back, and what came of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from campaigns.flow.compare import Arm, Comparison, arms, compared, statement
from campaigns.flow.compose import cohort_for, prose_faults
from campaigns.flow.insight import INTERESTED
from campaigns.flow.variants import parse, reworded
from campaigns.model.access import Actor
from campaigns.model.campaign import Campaign
from campaigns.model.customer import Channel
from campaigns.model.errors import Fault, RequestInvalid, WrongState
from campaigns.model.ids import CampaignId, CustomerId
from campaigns.model.plan import CampaignType, Tone
from campaigns.model.ports import Tx
from campaigns.model.reply import Intent
from campaigns.model.text import CohortText
from campaigns.model.variant import Variant
from campaigns.orchestrator.drafts import Drafts
from campaigns.orchestrator.insights import renewed
from campaigns.orchestrator.lookup import campaign_in
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.writing import Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantFigures:
    """What came of each variant of a campaign, and what may be concluded from it."""

    campaign: Campaign
    arms: tuple[Arm, ...]
    comparisons: tuple[Comparison, ...]
    statement: str


class Variants:
    """The variants of a campaign."""

    def __init__(self, ports: Ports, drafts: Drafts, offers: Sequence[str] = ()) -> None:
        self._p = ports
        self._drafts = drafts
        self._offers = {f"offer_{key}": "" for key in offers}

    def set(
        self, campaign_id: CampaignId, given: Sequence[Mapping[str, object]], actor: Actor
    ) -> VariantFigures:
        """Write the campaign in these variants, in place of what it had; voids an approval.

        Hand edits stay. Raises `RequestInvalid` with pointers, `WrongState` once a message left.
        """
        variants = parse(given)
        campaign, kept = self._opened(campaign_id)
        if campaign.individual:
            raise WrongState(
                f"Campaign {campaign_id} writes to single customers in texts of their own. Have "
                "these taken back first.",
                programs=f"In the terminal: campaigns individual set {campaign_id}",
            )
        faults = [*self._word_faults(variants), *_gaps(variants, kept)]
        if faults:
            raise RequestInvalid(faults)
        shares = {v.key: v.share for v in variants}
        changed = replace(campaign, variants=variants)
        self._drafts.redone(changed, kept, actor, "variants", {"shares": shares})
        return self.figures(campaign_id)

    def remove(self, campaign_id: CampaignId, actor: Actor) -> Campaign:
        """Write the campaign in one text for all again; voids an approval."""
        campaign, kept = self._opened(campaign_id)
        if not campaign.variants:
            raise WrongState(f"Campaign {campaign_id} has no variants.")
        changed = replace(campaign, variants=())
        return self._drafts.redone(changed, kept, actor, "variants", {"shares": {}})[0]

    def figures(self, campaign_id: CampaignId) -> VariantFigures:
        """Return what came of each variant; no arms for a campaign without variants."""
        with self._p.store.read() as tx:
            campaign = campaign_in(tx, campaign_id)
            messages = tx.messages.all(campaign_id) if campaign.variants else []
            found = arms(campaign.variants, messages, _outcomes(tx, campaign))
        comparisons = compared(found)
        return VariantFigures(
            campaign=campaign,
            arms=found,
            comparisons=comparisons,
            statement=statement(found, comparisons) if found else "",
        )

    def _opened(self, campaign_id: CampaignId) -> tuple[Campaign, Kept]:
        campaign, kept = self._drafts.opened(campaign_id)
        left = [m for m in kept.values() if m.attempt]
        if left:
            raise WrongState(
                f"A message of campaign {campaign_id} has left already ({left[0].customer}), so "
                "its variants can no longer change. Create a new campaign."
            )
        return campaign, kept

    def _word_faults(self, variants: Sequence[Variant]) -> Iterator[Fault]:
        """Yield what own words say that only slots may say."""
        for n, variant in enumerate(variants):
            for language, words in (variant.words or {}).items():
                cohort = cohort_for(
                    CampaignType.ANNOUNCEMENT, variant.tone or Tone.WARM, language, Channel.EMAIL
                )
                bare = CohortText(cohort=cohort, paragraphs=(), phrases=self._offers)
                for fault in prose_faults(reworded(bare, words)):
                    yield Fault(f"/variants/{n}/words/{language}", fault)


def _gaps(variants: Sequence[Variant], kept: Kept) -> Iterator[Fault]:
    """Yield a fault for own words that lack a language somebody is written to in."""
    needed = {m.language for m in kept.values()}
    for n, variant in enumerate(variants):
        for language in sorted(needed - set(variant.words or needed)):
            how_many = sum(m.language == language for m in kept.values())
            yield Fault(
                f"/variants/{n}/words/{language}",
                f"is missing: {how_many} messages are in {language}. Give words in it too, or "
                "choose the campaign's language",
            )


def _outcomes(tx: Tx, campaign: Campaign) -> Mapping[str, frozenset[CustomerId]]:
    """Return the customers who replied, were interested and renewed."""
    answered = tx.replies.answered(campaign.id)
    automatic = Intent.OUT_OF_OFFICE.value
    replied = [ids for intent, ids in answered.items() if intent != automatic]
    interested = [answered.get(intent.value, frozenset()) for intent in INTERESTED]
    return {
        "replied": _all(replied),
        "interested": _all(interested),
        "converted": renewed(tx, campaign),
    }


def _all(groups: Sequence[frozenset[str]]) -> frozenset[CustomerId]:
    return frozenset(CustomerId(customer) for group in groups for customer in group)
