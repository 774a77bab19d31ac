"""Bodies and answers of /api/automations."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from campaigns.api import present, shapes
from campaigns.api.models import FILTERS_DOC, Body, Short, Text
from campaigns.flow import rhythm as rhythms
from campaigns.model.audience import Audience
from campaigns.model.automation import Every, Outcome, Run, Weekday
from campaigns.model.customer import Channel
from campaigns.model.plan import Plan
from campaigns.orchestrator.automations import LONGEST_WAIT_DAYS, Seen

At = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="HH:MM, house time")]
Day = Annotated[int, Field(ge=1, le=31, description="A shorter month is due on its last day")]
Again = Annotated[int, Field(ge=1, le=LONGEST_WAIT_DAYS)]


class RhythmIn(Body):
    """When it is due, in the house's time zone: `weekday` with `week`, `day` with `month`."""

    every: Every
    at: At = rhythms.DEFAULT_AT
    weekday: Weekday | None = None
    day: Day | None = None


class RhythmPatchIn(Body):
    """A whole rhythm with `every`, or without it some keys of the present one."""

    every: Every | None = None
    at: At | None = None
    weekday: Weekday | None = None
    day: Day | None = None


class _AskedIn(Body):
    """What is asked for: `human_request`, or the keys of a structured request."""

    human_request: Text | None = None
    type: Short | None = None
    filters: dict[str, Any] | None = Field(default=None, description=FILTERS_DOC)
    exclude: dict[str, Any] | None = Field(default=None, description=FILTERS_DOC)
    everyone: bool | None = None
    context: Text | None = None
    occasion: Short | None = None
    channels: list[Channel] | None = None
    language: Short | None = None
    tone: Short | None = None
    name: Short | None = None
    again_after_days: Again | None = Field(
        default=None,
        description="Days before a customer may be proposed again; null: once for each Contract End",
    )
    active: bool | None = None


class AutomationIn(_AskedIn):
    """A new automation; without `rhythm` the request's words say it: "every month, prepare …"."""

    rhythm: RhythmIn | None = None


class AutomationPatchIn(_AskedIn):
    """What to change; absent keys stay as they are."""

    rhythm: RhythmPatchIn | None = None


class RhythmOut(BaseModel):
    every: Every
    at: str
    weekday: Weekday | None = None
    day: int | None = None
    words: str


class RunOut(BaseModel):
    """One time it was carried out; `campaign_id` when a campaign came of it."""

    run_id: str
    automation_id: str
    due_at: datetime
    at: datetime
    outcome: Outcome
    words: str
    by: str
    campaign_id: str | None
    proposed: int
    left_out: int
    missed: int


class RunsOut(BaseModel):
    runs: list[RunOut]
    next_cursor: str | None


class AutomationOut(BaseModel):
    """`attention` says why a person should look at it; `next_due_at` is null while it is off."""

    automation_id: str
    name: str
    active: bool
    human_request: str | None
    structured: dict[str, Any] | None
    rhythm: RhythmOut
    again_after_days: int | None
    next_due_at: datetime | None
    attention: str | None
    latest_run: RunOut | None
    author: str
    created_at: datetime
    updated_at: datetime


class AutomationMeansOut(AutomationOut):
    """With what it means today: nothing of it is stored, every run reads it anew."""

    plan: shapes.PlanOut
    audience: shapes.AudienceOut


class AutomationsOut(BaseModel):
    automations: list[AutomationOut]
    next_cursor: str | None


def run(r: Run) -> RunOut:
    """Return a run."""
    return RunOut(
        run_id=r.id,
        automation_id=r.automation_id,
        due_at=r.due_at,
        at=r.at,
        outcome=r.outcome,
        words=r.words,
        by=r.by,
        campaign_id=r.campaign_id,
        proposed=r.proposed,
        left_out=r.left_out,
        missed=r.missed,
    )


def automation(s: Seen) -> AutomationOut:
    """Return an automation."""
    return AutomationOut(**_fields(s))


def means(s: Seen, plan: Plan, audience: Audience) -> AutomationMeansOut:
    """Return an automation with what it means today."""
    return AutomationMeansOut(
        **_fields(s), plan=present.plan(plan), audience=shapes.audience(audience)
    )


def _fields(s: Seen) -> dict[str, Any]:
    a = s.automation
    return {
        "automation_id": a.id,
        "name": a.name,
        "active": a.active,
        "human_request": a.request,
        "structured": a.structured,
        "rhythm": {**rhythms.rhythm_json(a.rhythm), "words": rhythms.worded(a.rhythm)},
        "again_after_days": a.again_after_days,
        "next_due_at": s.next_due_at,
        "attention": s.attention,
        "latest_run": run(s.latest) if s.latest else None,
        "author": a.author,
        "created_at": a.created_at,
        "updated_at": a.updated_at,
    }
