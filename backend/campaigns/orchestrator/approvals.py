"""Submit, approve and reject: a yes for exactly these messages to exactly these people."""

from dataclasses import replace
from datetime import datetime, time

from campaigns.flow.approve import (
    MOVES,
    check_approval,
    check_submission,
    is_expired,
    require,
)
from campaigns.model.access import Actor, Scope
from campaigns.model.campaign import Approval, Campaign, CampaignStatus, LocalTime
from campaigns.model.errors import NotAllowed, Stale
from campaigns.model.ids import CampaignId
from campaigns.model.message import MessageStatus
from campaigns.model.ports import Tx
from campaigns.orchestrator import tested
from campaigns.orchestrator.hours import Hours
from campaigns.orchestrator.lookup import campaign_in
from campaigns.orchestrator.ports import Ports


class Approvals:
    """The approval step."""

    def __init__(self, ports: Ports, hours: Hours) -> None:
        self._p = ports
        self._hours = hours

    def submit(
        self,
        campaign_id: CampaignId,
        actor: Actor,
        note: str = "",
        local_time: LocalTime | None = None,
    ) -> Campaign:
        """Hand the campaign to an approver. Raises `WrongState` with what is in the way.

        With a `local_time` the approval also schedules it; that takes the right to send. Raises
        `RequestInvalid` for a time at which nothing may leave.
        """
        if local_time is not None:
            if not actor.allows(Scope.SEND):
                raise NotAllowed("What is sent by itself is submitted by somebody who may send.")
            self._hours.require(None, local_time, self._p.clock.today())
        with self._p.store.begin() as tx:
            campaign = campaign_in(tx, campaign_id)
            if not is_expired(campaign, self._p.clock.now()):
                require(campaign, MOVES["submit"][0], "submitted")
            check_submission(tx.messages.each(campaign_id))
            detail: dict[str, object] = {"note": note}
            if local_time is not None:
                detail["then"] = str(local_time)
            campaign = replace(campaign, local_time=local_time, schedule_at=None)
            return self._moved(tx, campaign, "submit", actor, detail)

    def hold_back(self, campaign_id: CampaignId, actor: Actor) -> Campaign:
        """Have a submitted campaign wait for Send once it is approved, instead of going by itself."""
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            campaign = campaign_in(tx, campaign_id)
            require(campaign, [CampaignStatus.IN_REVIEW], "held back")
            campaign = replace(campaign, local_time=None)
            save(tx, campaign)
            detail = told_time(campaign)
            tx.audit.add(now, actor.name, "campaign.reschedule", f"campaign:{campaign_id}", detail)
            return campaign_in(tx, campaign_id)

    def approve(
        self,
        campaign_id: CampaignId,
        content_hash: str,
        actor: Actor,
        note: str = "",
        starts: time | None = None,
    ) -> Campaign:
        """Approve what the preview showed under `content_hash`, and nothing else.

        `starts` is the time of day the approver was shown at which it then goes by itself; who was
        shown none approves no start, and the campaign waits for Send. Raises `Stale` where that
        is no longer what was submitted.
        """
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            campaign = campaign_in(tx, campaign_id)
            require(campaign, MOVES["approve"][0], "approved")
            check_submission(tx.messages.each(campaign_id))
            four_eyes = self._p.house.four_eyes
            check_approval(campaign, content_hash, actor.name, now, four_eyes=four_eyes)
            wished = campaign.local_time
            if starts is not None and (wished is None or wished.at != starts):
                raise Stale(f"Campaign {campaign_id} no longer goes by itself at {starts:%H:%M}.")
            approval = Approval(by=actor.name, at=now, content_hash=content_hash, note=note)
            tx.messages.move_all(campaign_id, [MessageStatus.VERIFIED], MessageStatus.APPROVED, now)
            tx.approved.forget(campaign_id)
            approved = replace(campaign, approval=approval, last_approval=None, local_time=None)
            moved = self._moved(tx, approved, "approve", actor, {"note": note})
            if starts is not None and wished is not None:
                return self._schedule(tx, moved, wished, actor)
            return moved

    def _schedule(self, tx: Tx, campaign: Campaign, wished: LocalTime, actor: Actor) -> Campaign:
        now = self._p.clock.now()
        campaign = self._hours.timed(tx, campaign, wished, now)
        save(tx, replace(campaign, status=CampaignStatus.SCHEDULED))
        tx.audit.add(
            now, actor.name, "campaign.schedule", f"campaign:{campaign.id}", told_time(campaign)
        )
        tested.skip_unless_through(tx, campaign.id, "it was approved to go by itself", actor, now)
        return campaign_in(tx, campaign.id)

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
        changed = replace(campaign, status=MOVES[verb][1], archived=False, updated_at=now)
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


def told_time(campaign: Campaign) -> dict[str, object]:
    """Return when a campaign begins, and by whose clock, for the audit trail."""
    if campaign.schedule_at is None:
        return {"schedule_at": None}
    told: dict[str, object] = {"schedule_at": campaign.schedule_at.isoformat()}
    if campaign.local_time is not None:
        told["by"] = str(campaign.local_time)
    return told


def void_approval(tx: Tx, campaign: Campaign, at: datetime) -> Campaign:
    """Return the campaign as a draft again: what was approved is no longer what is there."""
    if campaign.status in (CampaignStatus.IN_REVIEW, CampaignStatus.APPROVED):
        campaign = remember_approval(tx, campaign)
        tx.messages.move_all(campaign.id, [MessageStatus.APPROVED], MessageStatus.VERIFIED, at)
        return replace(campaign, status=CampaignStatus.DRAFT)
    return campaign


def remember_approval(tx: Tx, campaign: Campaign) -> Campaign:
    """Return the campaign without its approval, and keep what it was for before that is changed."""
    if campaign.approval is None:
        return campaign
    tx.approved.keep(campaign.id)
    return replace(campaign, approval=None, last_approval=campaign.approval)
