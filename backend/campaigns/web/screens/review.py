"""Approvals: what waits for whom, and the page on which somebody decides."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, Field

from campaigns.flow.approve import WAITS_AT_MOST, is_expired
from campaigns.model.access import Scope
from campaigns.model.campaign import Campaign
from campaigns.model.campaign import CampaignStatus as C
from campaigns.model.errors import Stale
from campaigns.model.ids import CampaignId
from campaigns.model.lists import TrailQuery
from campaigns.model.wording import plural, sentence
from campaigns.orchestrator.desk import ToRead, Waiting
from campaigns.web.deps import Approver, Me, Reader, S, who_can
from campaigns.web.notices import Notice, see
from campaigns.web.render import page
from campaigns.web.route import PageRoute
from campaigns.web.screens.composer import Asked, bench
from campaigns.web.views import pacing, revised
from campaigns.web.views.composer import MANY, View
from campaigns.web.words import moment

router = APIRouter(include_in_schema=False, route_class=PageRoute)

DECIDED = (C.APPROVED, C.SCHEDULED, C.SENDING, C.PAUSED, C.COMPLETED, C.REJECTED)
EXPIRED = f"expired after {WAITS_AT_MOST.days} days"
RECENT = 12
MOST = 100
NEWEST = 50  # entries of a campaign's trail among which it was submitted


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One campaign that waits, with what makes it worth a closer look."""

    waiting: Waiting
    marks: Sequence[str]


@router.get("/approvals")
def approvals(request: Request, services: S, me: Me, actor: Reader) -> Response:
    """Show what waits for me, what waits for others, and what was decided."""
    open_now = services.desk.approvals((C.IN_REVIEW,), MOST)
    now = services.clock.now()
    mine = [w for w in open_now if _is_mine(services, w, me)]
    decided = [
        w
        for w in services.desk.approvals(DECIDED, RECENT)
        if w.line.campaign.approval or w.line.campaign.status is C.REJECTED
    ]
    return page(
        request,
        "approvals.html",
        mine=[_item(w, now) for w in mine],
        others=[_item(w, now) for w in open_now if w not in mine],
        decided=decided,
    )


def _is_mine(services: S, waiting: Waiting, me: Me) -> bool:
    if not me.actor.allows(Scope.APPROVE) or _own(services, waiting.line.campaign, me):
        return False
    return waiting.approver is None or waiting.approver.id == me.id


def _own(services: S, campaign: Campaign, me: Me) -> bool:
    return services.house.four_eyes and campaign.author == me.name


def _item(waiting: Waiting, now: datetime) -> Item:
    marks = []
    if waiting.vouched:
        marks.append(f"{plural(waiting.vouched, 'claim')} confirmed by hand")
    if waiting.edited:
        marks.append(f"{waiting.edited} edited by hand")
    if waiting.line.funnel.messages > MANY:
        marks.append(f"over {MANY} messages")
    campaign = waiting.line.campaign
    if waiting.new_templates:
        marks.append(f"{plural(len(waiting.new_templates), 'new template')}")
    if campaign.plan.everyone:
        marks.append("everybody")
    if added := sum(t.added and t.include for t in campaign.toggles):
        marks.append(f"{added} added by hand")
    if is_expired(campaign, now):
        marks.append(EXPIRED)
    return Item(waiting=waiting, marks=marks)


@router.get("/campaigns/{campaign_id}/review")
def review(
    campaign_id: CampaignId,
    request: Request,
    services: S,
    me: Me,
    actor: Reader,
    asked: Annotated[Asked, Query()],
) -> Response:
    """Show exactly what an approval would cover."""
    view = asked.view(f"/campaigns/{campaign_id}/review")
    to_read = services.desk.to_read(campaign_id)
    if not view.customer and to_read:
        first = to_read[0].message
        view = replace(
            view, customer=first.customer_id, ch=first.channel.value, to=first.contact_id
        )
    parts = bench(services, actor, view, campaign_id)
    campaign = parts["c"]
    return page(
        request,
        "review.html",
        **{**parts, "may_edit": False},
        to_read=to_read,
        after=_next_to_read(to_read, parts["pane"], view),
        refusal=_refusal(services, campaign, me),
        again=actor.allows(Scope.COMPOSE) and is_expired(campaign, services.clock.now()),
        note=_note(services, campaign_id),
        expected=services.outlook.forecast(campaign_id),
        since=services.desk.since_approval(campaign_id),
        changed_lines=revised.lines,
        shown=revised.SHOWN,
        by_itself=pacing.by_itself(campaign),
        tested=campaign.local_time is None or _tested(services, campaign_id),
    )


def _tested(services: S, campaign_id: CampaignId) -> bool:
    return services.progress.outcome(campaign_id).is_tested


def _note(services: S, campaign_id: CampaignId) -> tuple[str, str] | None:
    """Return who submitted the campaign last and what they said about it, if anything."""
    query = TrailQuery(kind="campaign", subject=f"campaign:{campaign_id}")
    entries, _ = services.desk.trail(query, None, NEWEST)
    submitted = next((e for e in entries if e.action == "campaign.submit"), None)
    said = str(submitted.detail.get("note") or "") if submitted else ""
    return (submitted.actor, said) if submitted and said else None


def _next_to_read(to_read: Sequence[ToRead], pane: object, view: View) -> tuple[int, str] | None:
    """Return the number and the address of the message to read after the one shown."""
    shown = getattr(getattr(pane, "message", None), "id", None)
    place = next((n for n, r in enumerate(to_read) if r.message.id == shown), -1)
    if place + 1 >= len(to_read):
        return None
    m = to_read[place + 1].message
    return place + 2, view.link(customer=m.customer_id, ch=m.channel.value, to=m.contact_id)


def _refusal(services: S, campaign: Campaign, me: Me) -> str:
    """Return why this person cannot decide now; "" when they can."""
    if campaign.status is not C.IN_REVIEW:
        if campaign.approval:
            return sentence(f"Already approved by {campaign.approval.by}")
        return "This is not waiting for approval."
    if is_expired(campaign, services.clock.now()):
        return f"It {EXPIRED} without a decision. Submit it again, so that it is looked at as it is now."
    if not me.actor.allows(Scope.APPROVE):
        return f"Your account may not approve campaigns. {who_can(services, Scope.APPROVE)}"
    if _own(services, campaign, me):
        return "You wrote this, so someone else approves it."
    return ""


class Decision(BaseModel):
    """What was read, as its hash, when it would go by itself, and a word about it."""

    content_hash: Annotated[str, Field(max_length=100)] = ""
    starts: time | None = None
    note: Annotated[str, Field(max_length=2_000)] = ""


@router.post("/campaigns/{campaign_id}/approve")
def approve(
    campaign_id: CampaignId, services: S, actor: Approver, form: Annotated[Decision, Form()]
) -> Response:
    """Approve exactly what was shown."""
    try:
        done = services.approvals.approve(
            campaign_id, form.content_hash, actor, form.note.strip(), form.starts
        )
    except Stale:
        changed = "It changed while you read it. This is what is there now."
        return see(f"/campaigns/{campaign_id}/review", services, Notice(text=changed, failed=True))
    said = "Approved"
    if done.schedule_at is not None:
        when = moment(done.schedule_at, services.clock.now(), services.house.timezone)
        said = f"Approved. It starts by itself {when}."
    return see(f"/campaigns/{campaign_id}", services, Notice(text=said))


@router.post("/campaigns/{campaign_id}/reject")
def reject(
    campaign_id: CampaignId,
    services: S,
    actor: Approver,
    reason: Annotated[str, Form(max_length=20_000)] = "",
) -> Response:
    """Send it back to its author with what should change."""
    if not reason.strip():
        told = Notice(text="Say what should change.", failed=True)
        return see(f"/campaigns/{campaign_id}/review", services, told)
    campaign = services.approvals.reject(campaign_id, reason.strip(), actor)
    return see("/approvals", services, Notice(text=f"Sent back to {campaign.author}"))
