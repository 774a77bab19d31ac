"""A campaign's dashboard: its stage, its progress, what came of it, and what to do next."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, Field

from campaigns.model.access import Actor, Scope
from campaigns.model.campaign import CampaignStatus as C
from campaigns.model.customer import Channel
from campaigns.model.errors import NotAllowed
from campaigns.model.ids import CampaignId
from campaigns.model.message import MessageStatus as M
from campaigns.model.wording import plural
from campaigns.orchestrator.progress import Outcome, hold_left_s, latest
from campaigns.web.deps import Composer, Me, Reader, S, Sender
from campaigns.web.exports import as_csv
from campaigns.web.live import Moment, Seen, live_of, mark
from campaigns.web.notices import Notice, see
from campaigns.web.render import fragment, page
from campaigns.web.route import PageRoute
from campaigns.web.views import charts, dashboard, pacing, scheduling, stages
from campaigns.web.words import CHANNELS, moment

router = APIRouter(include_in_schema=False, route_class=PageRoute)

DRAFTS = frozenset({C.NEEDS_CLARIFICATION, C.DRAFT, C.REJECTED})
ENDED = frozenset({C.COMPLETED, C.CANCELLED})
MOVING = frozenset({C.IN_REVIEW, C.SENDING, C.PAUSED, C.SCHEDULED, C.APPROVED, C.COMPLETED})
TYPED_FROM = 200  # messages from which their number is typed before they go
RECIPIENTS = 50
REPLIES_SHOWN = 4
RECIPIENT_FILTERS: Mapping[str, tuple[str, frozenset[M]]] = {
    "": ("All", frozenset()),
    "waiting": ("Waiting", frozenset({M.APPROVED, M.QUEUED, M.CLAIMED, M.SENDING})),
    "sent": ("Sent", frozenset({M.ACCEPTED, M.SENT})),
    "delivered": ("Delivered", frozenset({M.DELIVERED})),
    "read": ("Read", frozenset({M.READ})),
    "failed": ("Not delivered", frozenset({M.FAILED, M.IN_DOUBT})),
    "skipped": ("Left out", frozenset({M.SKIPPED, M.SUPPRESSED, M.CANCELLED})),
}


class Asked(BaseModel):
    """Which recipients are listed."""

    status: Annotated[str, Field(max_length=20)] = ""
    ch: Annotated[str, Field(max_length=20)] = ""
    page: Annotated[int, Field(ge=1, le=100_000)] = 1


@router.get("/campaigns/{campaign_id}")
def campaign(
    campaign_id: CampaignId,
    request: Request,
    services: S,
    me: Me,
    actor: Reader,
    asked: Annotated[Asked, Query()],
) -> Response:
    """Show how a campaign stands; a draft opens in the composer."""
    if services.drafts.get(campaign_id).status in DRAFTS:
        return see(f"/campaigns/{campaign_id}/edit", services)
    outcome = services.progress.outcome(campaign_id)
    c = outcome.campaign
    first = (asked.page - 1) * RECIPIENTS
    statuses = RECIPIENT_FILTERS.get(asked.status, RECIPIENT_FILTERS[""])[1]
    channel = next((ch for ch in Channel if ch.value == asked.ch), None)
    listed, total = services.progress.recipients(campaign_id, statuses, channel, first, RECIPIENTS)
    return page(
        request,
        "dashboard.html",
        **parts_of(services, outcome),
        tried=services.variants.figures(campaign_id) if c.variants else None,
        stages=stages.stages(outcome, services.clock.now(), services.house.timezone),
        troubles=list(stages.troubles(outcome)),
        may_work=services.retries.count(campaign_id) if outcome.funnel.failed else 0,
        live=c.status in MOVING,
        seen=mark(_state(outcome)),
        to_send=_to_send(outcome),
        tested=outcome.is_tested,
        test_failures=stages.test_failures(outcome),
        may_skip=actor.allows(Scope.APPROVE),
        typed_from=TYPED_FROM,
        proposed=(proposed := scheduling.proposed(services, c)),
        preview=scheduling.preview_of(services, c, proposed),
        expected=scheduling.preview_of(services, c),
        quiet_hours=scheduling.quiet_hours(services),
        hold=_hold(services, outcome),
        first_customer=_first_customer(outcome),
        test_to=_test_to(services),
        listed=listed,
        listed_total=total,
        listed_first=first,
        filters=RECIPIENT_FILTERS,
        why=stages.why,
        asked=asked,
        review_open=c.status is C.IN_REVIEW,
    )


def _hold(services: S, outcome: Outcome) -> int:
    """Return the seconds left to undo a Send; 0 for what waits for a later time of day."""
    if outcome.campaign.status is not C.SENDING:
        return 0
    left = hold_left_s(outcome, services.clock.now())
    return left if left <= services.house.hold_s else 0


def parts_of(services: S, outcome: Outcome) -> dict[str, Any]:
    """Return what the live parts show, which is the same for everybody."""
    now, zone = services.clock.now(), services.house.timezone
    return {
        "c": outcome.campaign,
        "outcome": outcome,
        "lanes": dashboard.lanes(outcome, now, zone),
        "minutes_left": dashboard.minutes_left(outcome),
        "figures": dashboard.figures(outcome),
        "steps": dashboard.steps(outcome),
        "split": dashboard.split(outcome),
        "newest": latest(outcome.replies, REPLIES_SHOWN),
        "when": charts.when(outcome.answers, zone),
        "as_of": moment(now, now, zone),
        "by_itself": pacing.by_itself(outcome.campaign),
    }


@router.get("/live/campaigns/{campaign_id}")
def live(
    campaign_id: CampaignId, request: Request, services: S, actor: Reader, seen: Seen = ""
) -> Response:
    """Stream the dashboard's live parts."""
    services.drafts.get(campaign_id)
    last: dict[str, Any] = {}

    def read() -> Moment:
        pulse = services.progress.pulse(campaign_id)
        if last.get("pulse") != pulse:
            outcome = services.progress.outcome(campaign_id)
            now = services.clock.now()
            at = {"now": now, "today": services.clock.today(), "zone": services.house.timezone}
            last["moment"] = Moment(
                parts=fragment("dash_live.html", at=at, **parts_of(services, outcome)),
                page=_state(outcome),
                ended=outcome.campaign.status is C.CANCELLED,
            )
            last["pulse"] = pulse
        found: Moment = last["moment"]
        return found

    return live_of(request).stream(f"campaign {campaign_id}", read, seen)


def _state(outcome: Outcome) -> object:
    """Return what the page outside its live parts depends on."""
    tests = tuple(t.status.value for t in outcome.tests)
    return outcome.campaign.status.value, outcome.troubles_total, tests


def _to_send(outcome: Outcome) -> dict[Channel, int]:
    counts: dict[Channel, int] = {}
    for (channel, status), n in outcome.counts.items():
        if status is M.APPROVED:
            counts[channel] = counts.get(channel, 0) + n
    return counts


def _first_customer(outcome: Outcome) -> str:
    return next((m.name for m in outcome.audience.members), "the first customer")


def _test_to(services: S) -> str:
    own = services.house.test_addresses
    if own:
        return ", ".join(f"{CHANNELS[c]} {a}" for c, a in own.items())
    if all(c.simulated for c in services.carriers.values() if c.ready is None):
        return "the simulator"
    return ""


@router.get("/campaigns/{campaign_id}/report")
def report(campaign_id: CampaignId, request: Request, services: S, actor: Reader) -> Response:
    """Show what came of a campaign on a page to print."""
    outcome = services.progress.outcome(campaign_id)
    return page(
        request,
        "report.html",
        **parts_of(services, outcome),
        troubles=list(stages.troubles(outcome)),
    )


# --- actions ----------------------------------------------------------------------------------------


def _to(campaign_id: CampaignId) -> str:
    return f"/campaigns/{campaign_id}"


@router.post("/campaigns/{campaign_id}/send-test")
def send_test(campaign_id: CampaignId, services: S, actor: Composer) -> Response:
    """Send the first customer's messages only."""
    sent = services.tests.send(campaign_id, actor)
    where = ", ".join(f"{CHANNELS[c]} to {to}" for c, to in (sent.test_to or {}).items())
    return see(_to(campaign_id), services, Notice(text=f"The test is on its way: {where}"))


class SendForm(BaseModel):
    """What is said before anything is sent: its number, and why no test is needed."""

    confirm: Annotated[str, Field(max_length=20)] = ""
    why: Annotated[str, Field(max_length=1_000)] = ""


@router.post("/campaigns/{campaign_id}/send")
def send(
    campaign_id: CampaignId, services: S, actor: Sender, form: Annotated[SendForm, Form()]
) -> Response:
    """Send what is approved, once the test is through."""
    if refused := unlocked(services, campaign_id, actor, form):
        return see(_to(campaign_id), services, Notice(text=refused, failed=True))
    services.sends.send(campaign_id, actor)
    return see(_to(campaign_id), services)


def unlocked(services: S, campaign_id: CampaignId, actor: Actor, form: SendForm) -> str:
    """Have the test be through or done without; return why nothing may be sent, "" when it may."""
    outcome = services.progress.outcome(campaign_id)
    if refused := _refused(outcome, form, sum(_to_send(outcome).values())):
        return refused
    if not outcome.is_tested:
        if not actor.allows(Scope.APPROVE):
            raise NotAllowed("Only somebody who may approve sends without a test.")
        services.progress.skip_test(campaign_id, form.why.strip(), actor)
    return ""


def _refused(outcome: Outcome, form: SendForm, total: int) -> str:
    if not outcome.is_tested and not form.why.strip():
        return "Send the test first, or say why it is not needed."
    if total > TYPED_FROM and form.confirm != str(total):
        return f"Type {total} to confirm that many messages."
    return ""


@router.post("/campaigns/{campaign_id}/pause")
def pause(campaign_id: CampaignId, services: S, actor: Sender) -> Response:
    """Stop before the next message."""
    services.sends.pause(campaign_id, actor)
    return see(
        _to(campaign_id), services, Notice(text="Paused. Nothing more goes out until you resume.")
    )


@router.post("/campaigns/{campaign_id}/resume")
def resume(campaign_id: CampaignId, services: S, actor: Sender) -> Response:
    """Go on where it was paused."""
    services.sends.resume(campaign_id, actor)
    return see(_to(campaign_id), services, Notice(text="Sending goes on"))


@router.post("/campaigns/{campaign_id}/stop")
def stop(campaign_id: CampaignId, services: S, actor: Sender) -> Response:
    """End the campaign: nothing that has not left will leave."""
    services.sends.cancel(campaign_id, actor)
    return see(_to(campaign_id), services, Notice(text="Stopped. Nothing more will go out."))


@router.post("/campaigns/{campaign_id}/retry")
def retry(campaign_id: CampaignId, services: S, actor: Sender) -> Response:
    """Send again what failed for a reason that passes."""
    n = services.retries.retry(campaign_id, actor)
    said = Notice(text=f"{plural(n, 'message')} on the way again")
    return see(f"{_to(campaign_id)}#fails", services, said)


# --- what can be taken away -------------------------------------------------------------------------


@router.get("/campaigns/{campaign_id}/recipients.csv")
def recipients_csv(campaign_id: CampaignId, services: S, actor: Reader) -> Response:
    """Give every message's state as a list to download."""
    found, _ = services.progress.recipients(campaign_id, (), None, 0, 1_000_000)
    heading = ("Customer", "Contact", "Channel", "Address", "State", "Why", "Last change (UTC)")
    rows = (
        (
            m.customer,
            m.contact,
            CHANNELS[m.channel],
            m.address,
            m.status.value,
            m.reason,
            m.updated_at,
        )
        for m in found
    )
    return as_csv(f"recipients-{campaign_id}", heading, rows)
