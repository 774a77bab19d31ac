"""The audit trail: who did what to what, and when."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from campaigns.model.audit import AuditEntry
from campaigns.model.customer import Channel
from campaigns.model.lists import TrailQuery
from campaigns.web.deps import Reader, S
from campaigns.web.exports import as_csv
from campaigns.web.render import page
from campaigns.web.route import PageRoute
from campaigns.web.words import CHANNELS, DEEDS, masked

router = APIRouter(include_in_schema=False, route_class=PageRoute)

PER_PAGE = 100
KINDS: Mapping[str, str] = {
    "campaign": "Campaigns",
    "automation": "Automations",
    "message": "Messages",
    "reply": "Replies",
    "address": "Do not contact",
    "person": "People",
    "key": "API keys",
    "book": "Customer book",
    "channel": "Channels",
    "desk": "Assignments",
}
ABOUT = {
    "automation": "/automations/",
    "campaign": "/campaigns/",
    "customer": "/customers/",
    "reply": "/inbox?f=all&sel=",
}


class Asked(BaseModel):
    """The trail as its address says it."""

    who: Annotated[str, Field(max_length=200)] = ""
    kind: Annotated[str, Field(max_length=40)] = ""
    subject: Annotated[str, Field(max_length=200)] = ""
    since: Annotated[str, Field(max_length=10)] = ""
    until: Annotated[str, Field(max_length=10)] = ""
    before: Annotated[int, Field(ge=1)] | None = None

    def query(self, zone: str) -> TrailQuery:
        """Return it as a query; days are those of the house."""
        until = _midnight(self.until, zone)
        return TrailQuery(
            actor=self.who,
            kind=self.kind if self.kind in KINDS else "",
            subject=self.subject,
            since=_midnight(self.since, zone),
            until=until + timedelta(days=1) if until else None,
        )

    def link(self, **change: object) -> str:
        """Return the address of the trail with something changed."""
        now = self.model_dump(exclude={"before"}) | change
        kept = {k: str(v) for k, v in now.items() if v}
        return "/audit" + (f"?{urlencode(kept)}" if kept else "")


def _midnight(day: str, zone: str) -> datetime | None:
    try:
        return datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)) if day else None
    except ValueError:
        return None


@router.get("/audit")
def audit(
    request: Request, services: S, actor: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """List the trail, newest first."""
    query = asked.query(services.house.timezone)
    entries, actors = services.desk.trail(query, asked.before, PER_PAGE + 1)
    shown = entries[:PER_PAGE]
    return page(
        request,
        "audit.html",
        asked=asked,
        entries=shown,
        older=asked.link(before=shown[-1].seq) if len(entries) > PER_PAGE else "",
        actors=actors,
        kinds=KINDS,
        said=said,
        about=about,
        names=services.desk.called([e.subject for e in shown]),
    )


@router.get("/audit.csv")
def audit_csv(services: S, actor: Reader, asked: Annotated[Asked, Query()]) -> Response:
    """Give the trail to download."""
    entries, _ = services.desk.trail(asked.query(services.house.timezone), None, 1_000_000)
    heading = ("No.", "Time (UTC)", "Who", "Did what", "To what", "Details", "Hash")
    rows = ((e.seq, e.at, e.actor, e.action, e.subject, dict(e.detail), e.hash) for e in entries)
    return as_csv("audit-trail", heading, rows)


def said(entry: AuditEntry) -> str:
    """Return what was done, in words."""
    what, _, verb = entry.action.partition(".")
    return DEEDS.get(entry.action, f"{KINDS.get(what, what)}: {verb.replace('_', ' ')}")


def about(entry: AuditEntry, names: Mapping[str, str]) -> tuple[str, str]:
    """Return what an entry is about: words, and its page where it has one; addresses masked."""
    kind, _, which = entry.subject.partition(":")
    if kind in CHANNELS:
        return masked(which), ""
    if kind == "channel":
        return CHANNELS[Channel(which)], ""
    words = names.get(entry.subject) or entry.subject.replace(":", " ", 1)
    return words, ABOUT[kind] + which if kind in ABOUT else ""
