"""The list of campaigns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response

from campaigns.flow.approve import PUT_AWAY
from campaigns.model.campaign import CampaignStatus as C
from campaigns.model.ids import CampaignId
from campaigns.orchestrator.desk import CampaignList
from campaigns.web import words
from campaigns.web.deps import Composer, Reader, S
from campaigns.web.live import Moment, Seen, live_of, mark
from campaigns.web.notices import Notice, Undo, see
from campaigns.web.render import fragment, page
from campaigns.web.route import PageRoute

router = APIRouter(include_in_schema=False, route_class=PageRoute)

PER_PAGE = 25
MOST_ROWS = 50
EXAMPLES = (
    "Renewal reminders to customers whose contract ends in 60 days",
    "Christmas music offer for all Asia Pacific hotels",
    "ส่งแบบสำรวจความพึงพอใจให้โรงแรมในพัทยา",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One filter of the list: the states it holds, and how many campaigns are in them."""

    key: str
    name: str
    count: int
    chosen: bool


ARCHIVED = "archived"
TABS: Mapping[str, tuple[str, frozenset[C]]] = {
    "": ("All", frozenset()),
    "drafts": ("Drafts", frozenset({C.NEEDS_CLARIFICATION, C.DRAFT, C.REJECTED})),
    "review": ("Needs approval", frozenset({C.IN_REVIEW})),
    "scheduled": ("Scheduled", frozenset({C.APPROVED, C.SCHEDULED})),
    "sending": ("Sending", frozenset({C.SENDING, C.PAUSED})),
    "done": ("Done", frozenset({C.COMPLETED, C.CANCELLED})),
    ARCHIVED: ("Archived", frozenset()),
}


@router.get("/campaigns")
def campaigns(
    request: Request,
    services: S,
    actor: Reader,
    status: str = "",
    q: Annotated[str, Query(max_length=200)] = "",
    number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
) -> Response:
    """List campaigns, newest first."""
    status = status if status in TABS else ""
    sending = services.desk.campaigns(TABS["sending"][1], "", 0, MOST_ROWS)
    first, away = (number - 1) * PER_PAGE, status == ARCHIVED
    found = services.desk.campaigns(TABS[status][1], q, first, PER_PAGE, archived=away)
    return page(
        request,
        "campaigns.html",
        found=found,
        tabs=_tabs(found, status),
        state=status,
        q=q,
        number=number,
        per_page=PER_PAGE,
        everything=sum(found.counts.values()) + found.archived,
        away=away,
        put_away=PUT_AWAY,
        examples=EXAMPLES,
        doubts=services.outlook.count_doubts(),
        moving=bool(sending.lines),
        seen=mark(_states(sending)),
        link=lambda **change: _link({"status": status, "q": q} | change),
    )


def _tabs(found: CampaignList, status: str) -> list[Tab]:
    """Return the tabs with their counts; that of archived campaigns where there are any."""

    def count(key: str, states: frozenset[C]) -> int:
        if key == ARCHIVED:
            return found.archived
        return sum(n for s, n in found.counts.items() if s in states or not states)

    return [
        Tab(key=key, name=name, count=count(key, states), chosen=key == status)
        for key, (name, states) in TABS.items()
        if key != ARCHIVED or found.archived or status == ARCHIVED
    ]


@router.post("/campaigns/{campaign_id}/archive")
def archive(
    campaign_id: CampaignId,
    services: S,
    actor: Composer,
    away: Annotated[bool, Form()] = False,
) -> Response:
    """Take a campaign off the list, or put it back."""
    campaign = services.drafts.archive(campaign_id, actor, away=away)
    said = f"{campaign.name} is {'archived' if away else 'on the list again'}"
    undo = Undo(action=f"/campaigns/{campaign_id}/archive", fields={"away": "" if away else "1"})
    return see("/campaigns", services, Notice(text=said, undo=undo))


@router.get("/live/campaigns")
def live(request: Request, services: S, actor: Reader, seen: Seen = "") -> Response:
    """Stream the rows of campaigns that are being sent."""

    def read() -> Moment:
        found = services.desk.campaigns(TABS["sending"][1], "", 0, MOST_ROWS)
        at = {"now": services.clock.now(), "zone": services.house.timezone}
        rows = "".join(
            fragment("campaign_row.html", line=line, at=at, words=words) for line in found.lines
        )
        return Moment(parts=f"<table><tbody>{rows}</tbody></table>", page=_states(found))

    return live_of(request).stream("campaigns", read, seen)


def _states(sending: CampaignList) -> object:
    return tuple((line.campaign.id, line.campaign.status.value) for line in sending.lines)


def _link(query: Mapping[str, object]) -> str:
    kept = {k: str(v) for k, v in query.items() if v}
    return "/campaigns" + (f"?{urlencode(kept)}" if kept else "")
