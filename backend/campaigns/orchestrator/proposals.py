"""Carrying automations out: at each due time one ordinary campaign, handed to review.

A run is stored in the transaction that stores its campaign, on the condition that nobody ran
or changed the automation since it was read. So each due time has one run, whatever dies when,
and however many processes look. Nothing here approves or sends.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from campaigns.flow import propose
from campaigns.flow.approve import check_submission
from campaigns.flow.plan.wording import title
from campaigns.flow.rhythm import due_times
from campaigns.model.access import SYSTEM, Actor
from campaigns.model.automation import NEEDS_A_PERSON, Automation, Outcome, Proposal, Run
from campaigns.model.campaign import CampaignStatus
from campaigns.model.errors import CampaignError, Stale, WrongState
from campaigns.model.ids import AutomationId, RunId
from campaigns.model.plan import Plan
from campaigns.model.ports import Tx
from campaigns.model.wording import plural
from campaigns.orchestrator.automations import Automations, automation_in
from campaigns.orchestrator.drafts import Draft, Drafts
from campaigns.orchestrator.ports import Ports

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """What is to be carried out: `at` and the due times `missed` before it, in house time."""

    automation: Automation
    at: datetime
    by: Actor = SYSTEM
    missed: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What carrying it out came to, before it is stored."""

    outcome: Outcome
    words: str
    left_out: int = 0
    draft: Draft | None = None


class Proposals:
    """The runs of automations."""

    def __init__(self, ports: Ports, drafts: Drafts, automations: Automations) -> None:
        self._p = ports
        self._drafts = drafts
        self._automations = automations
        self._zone = ZoneInfo(ports.house.timezone)

    def run_due(self) -> list[Run]:
        """Carry out every automation that is due, the latest due time only; return the runs."""
        now = self._p.clock.now()
        with self._p.store.read() as tx:
            active = tx.automations.active()
        runs = []
        for automation in active:
            times = due_times(automation.rhythm, self._zone, automation.due_after, now)
            if times:
                missed = tuple(at.astimezone(self._zone) for at in times[:-1])
                run = self._run(_Due(automation=automation, at=times[-1], missed=missed))
                runs += [run] if run else []
        return runs

    def run_now(self, automation_id: AutomationId, actor: Actor) -> Run:
        """Carry an automation out at a person's word, by the same rules, on or off.

        Raises `Stale` when another run or change came in between.
        """
        with self._p.store.read() as tx:
            automation = automation_in(tx, automation_id)
        run = self._run(_Due(automation=automation, at=self._p.clock.now(), by=actor))
        if run is None:
            raise Stale(
                f"Automation {automation_id} ran, was changed or was removed meanwhile. "
                "Look at its runs."
            )
        return run

    # --- one run ---------------------------------------------------------------------------------

    def _run(self, due: _Due) -> Run | None:
        """Carry out and store; None when somebody else was faster, and then nothing is stored."""
        try:
            found = self._find(due.automation)
        except CampaignError as problem:
            found = _failed(str(problem))
        except Exception:
            # The worker's loop: one automation must not stop the others, nor be tried for ever.
            log.exception("automation_raised", automation=due.automation.id)
            found = _failed("an unexpected error, which the log of this time describes")
        run = self._recorded(due, found)
        with self._p.store.begin() as tx:
            after = due.at if due.by is SYSTEM else due.automation.due_after
            if not tx.automations.save(replace(due.automation, due_after=after)):
                return None
            self._store(tx, run, found, due)
        if run.outcome in NEEDS_A_PERSON:
            log.warning("automation_needs_a_person", automation=run.automation_id, run=run.id)
        return run

    def _find(self, automation: Automation) -> _Found:
        plan = self._automations.plan(automation)
        if not plan.is_clear:
            return _Found(outcome=Outcome.UNCLEAR, words=propose.unclear_words(plan))
        draft, left_out = self._draft(automation, plan)
        if not draft.messages:
            words = propose.nobody_words(draft.audience, left_out)
            return _Found(outcome=Outcome.NOBODY_NEW, words=words, left_out=left_out)
        before = f" {left_out} were proposed before and are left out." if left_out else ""
        made = f"{draft.campaign.id}: {plural(_written(draft), 'customer')}, for review.{before}"
        try:
            check_submission(draft.messages)
        except WrongState as problem:
            words = f"{made} It stays a draft: {problem}"
            return _Found(outcome=Outcome.DRAFT, words=words, left_out=left_out, draft=draft)
        return _Found(outcome=Outcome.IN_REVIEW, words=made, left_out=left_out, draft=draft)

    def _draft(self, automation: Automation, plan: Plan) -> tuple[Draft, int]:
        """Return the campaign of those not proposed before, and how many were."""
        now = self._p.clock.now()
        meant = self._drafts.audience_of(plan)
        ends = {m.customer_id: m.contract_end for m in meant.members}
        with self._p.store.read() as tx:
            earlier = tx.automations.proposed(automation.id)
        toggles = propose.left_out(ends, earlier, automation, plan, now)
        today = now.astimezone(self._zone).date()
        name = propose.campaign_name(automation, title(plan, None), today)
        draft = self._drafts.draft(plan, automation.request, automation.author, name, toggles)
        return draft, len(toggles)

    def _recorded(self, due: _Due, found: _Found) -> Run:
        return Run(
            id=RunId(self._p.ids.new("run")),
            automation_id=due.automation.id,
            due_at=due.at,
            at=self._p.clock.now(),
            outcome=found.outcome,
            words=found.words + propose.missed_words(due.missed),
            by=due.by.name,
            campaign_id=found.draft.campaign.id if found.draft else None,
            proposed=_written(found.draft) if found.draft else 0,
            left_out=found.left_out,
            missed=len(due.missed),
        )

    def _store(self, tx: Tx, run: Run, found: _Found, due: _Due) -> None:
        if found.draft is not None:
            self._store_campaign(tx, found.draft, found.outcome, due)
        tx.automations.add_run(run)
        tx.audit.add(
            run.at,
            due.by.name,
            "automation.run",
            f"automation:{run.automation_id}",
            {
                "due_at": run.due_at.isoformat(),
                "outcome": run.outcome.value,
                "campaign_id": run.campaign_id,
                "proposed": run.proposed,
                "left_out": run.left_out,
                "missed": run.missed,
            },
        )

    def _store_campaign(self, tx: Tx, draft: Draft, outcome: Outcome, due: _Due) -> None:
        campaign = draft.campaign
        if outcome is Outcome.IN_REVIEW:
            campaign = replace(campaign, status=CampaignStatus.IN_REVIEW)
        self._drafts.put_new(tx, replace(draft, campaign=campaign), due.by)
        if outcome is Outcome.IN_REVIEW:
            tx.audit.add(
                campaign.created_at,
                due.by.name,
                "campaign.submit",
                f"campaign:{campaign.id}",
                {"automation": due.automation.id, "content_hash": campaign.content_hash},
            )
        written = {m.customer_id for m in draft.messages}
        tx.automations.propose(
            due.automation.id,
            [
                Proposal(
                    customer_id=m.customer_id,
                    contract_end=m.contract_end,
                    at=campaign.created_at,
                )
                for m in draft.audience.members
                if m.customer_id in written
            ],
        )


def _failed(why: str) -> _Found:
    return _Found(outcome=Outcome.FAILED, words=f"No campaign: {why}")


def _written(draft: Draft) -> int:
    return len({m.customer_id for m in draft.messages})
