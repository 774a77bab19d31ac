"""Submit, approve and reject: a yes for exactly these messages to exactly these people."""

from dataclasses import replace
from datetime import datetime

from campaigns.flow.approve import MOVES, check_approval, check_submission, require
from campaigns.model.access import Actor
from campaigns.model.campaign import Approval, Campaign, CampaignStatus
from campaigns.model.errors import Stale
from campaigns.model.ids import CampaignId
from campaigns.model.message import MessageStatus
from campaigns.model.ports import Tx
from campaigns.orchestrator.lookup import campaign_in
from campaigns.orchestrator.ports import Ports


class Approvals:
    """The approval step."""

    def __init__(self, ports: Ports) -> None:
        self._p = ports

    def submit(self, campaign_id: CampaignId, actor: Actor, note: str = "") -> Campaign:
        """Hand the campaign to an approver. Raises `WrongState` with what is in the way."""
        with self._p.store.begin() as tx:
            campaign = campaign_in(tx, campaign_id)
            require(campaign, MOVES["submit"][0], "submitted")
            check_submission(tx.messages.each(campaign_id))
            return self._moved(tx, campaign, "submit", actor, {"note": note})

    def approve(
        self, campaign_id: CampaignId, content_hash: str, actor: Actor, note: str = ""
    ) -> Campaign:
        """Approve what the preview showed under `content_hash`, and nothing else."""
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            campaign = campaign_in(tx, campaign_id)
            require(campaign, MOVES["approve"][0], "approved")
            check_submission(tx.messages.each(campaign_id))
            check_approval(campaign, content_hash, actor.name, four_eyes=self._p.house.four_eyes)
            approval = Approval(by=actor.name, at=now, content_hash=content_hash, note=note)
            tx.messages.move_all(campaign_id, [MessageStatus.VERIFIED], MessageStatus.APPROVED, now)
            return self._moved(
                tx, replace(campaign, approval=approval), "approve", actor, {"note": note}
            )

    def reject(self, campaign_id: CampaignId, reason: str, actor: Actor) -> Campaign:
        """Send the campaign back to its author with a reason."""
        with self._p.store.begin() as tx:
            campaign = campaign_in(tx, campaign_id)
            require(campaign, MOVES["reject"][0], "rejected")
            return self._moved(
                tx, replace(campaign, note=reason), "reject", actor, {"reason": reason}
            )

    def _moved(
        self, tx: Tx, campaign: Campaign, verb: str, actor: Actor, detail: dict[str, object]
    ) -> Campaign:
        now = self._p.clock.now()
        changed = replace(campaign, status=MOVES[verb][1], updated_at=now)
        save(tx, changed)
        tx.audit.add(
            now,
            actor.name,
            f"campaign.{verb}",
            f"campaign:{campaign.id}",
            detail | {"content_hash": campaign.content_hash},
        )
        return campaign_in(tx, campaign.id)


def save(tx: Tx, changed: Campaign) -> None:
    """Store a campaign as read and changed; raise `Stale` when somebody was faster."""
    if not tx.campaigns.save(changed, changed.revision):
        raise Stale(f"Campaign {changed.id} was changed by somebody else. Read it again.")


def void_approval(tx: Tx, campaign: Campaign, at: datetime) -> Campaign:
    """Return the campaign as a draft again: what was approved is no longer what is there."""
    if campaign.status in (CampaignStatus.IN_REVIEW, CampaignStatus.APPROVED):
        tx.messages.move_all(campaign.id, [MessageStatus.APPROVED], MessageStatus.VERIFIED, at)
        return replace(campaign, status=CampaignStatus.DRAFT, approval=None)
    return campaign
