"""Talking to a campaign: an answer to its question, or an edit in words; the same campaign goes on."""

from dataclasses import dataclass

from campaigns.flow.approve import EDITABLE, require
from campaigns.flow.plan import difference
from campaigns.model.access import Actor
from campaigns.model.audience import Audience
from campaigns.model.campaign import Campaign
from campaigns.model.ids import CampaignId
from campaigns.model.plan import Question, Understood
from campaigns.orchestrator.customers import CustomerBook
from campaigns.orchestrator.drafts import Drafts
from campaigns.orchestrator.lookup import campaign_in
from campaigns.orchestrator.ports import Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What words did to a campaign.

    `changes` are the lines of the difference, `before` how many customers it reached until now.
    With a `question` nothing was changed.
    """

    campaign: Campaign
    audience: Audience
    before: int
    understood: tuple[Understood, ...] = ()
    changes: tuple[str, ...] = ()
    question: Question | None = None


class Revisions:
    """The step that listens after the first request."""

    def __init__(self, ports: Ports, book: CustomerBook, drafts: Drafts) -> None:
        self._p = ports
        self._book = book
        self._drafts = drafts

    def say(self, campaign_id: CampaignId, words: str, actor: Actor) -> Said:
        """Change the campaign as `words` say, or ask; voids an approval as any change does."""
        with self._p.store.read() as tx:
            campaign = campaign_in(tx, campaign_id)
            require(campaign, EDITABLE, "changed")
            audience = tx.campaigns.audience(campaign_id)
        revision = self._p.interpreter.revise(
            campaign.plan,
            campaign.request or "",
            words,
            self._book.vocabulary,
            self._p.clock.local_now(),
        )
        before = audience.customers
        if revision.question is not None or not (revision.patch or revision.request):
            return Said(
                campaign=campaign,
                audience=audience,
                before=before,
                understood=revision.understood,
                question=revision.question,
            )
        patch = {"human_request": revision.request} if revision.request else revision.patch
        changed, found = self._drafts.change(campaign_id, patch, actor)
        return Said(
            campaign=changed,
            audience=found,
            before=before,
            understood=revision.understood,
            changes=difference(campaign.plan, changed.plan),
        )
