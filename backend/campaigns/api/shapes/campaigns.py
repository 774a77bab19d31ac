"""Campaigns: their state, what words did to them, what was approved."""

from datetime import date, datetime

from pydantic import BaseModel

from campaigns.api.expected import LeavesOut
from campaigns.api.shapes.audiences import AudienceOut
from campaigns.api.shapes.plans import PlanOut, QuestionOut, UnderstoodOut
from campaigns.model.campaign import Campaign, CampaignStatus, LocalTime
from campaigns.model.customer import Channel


class ApprovalOut(BaseModel):
    by: str
    at: datetime
    content_hash: str
    note: str


class LocalTimeOut(BaseModel):
    """A time of day by each customer's own clock, `on` a day or later."""

    at: str
    on: date | None


class CampaignOut(BaseModel):
    campaign_id: str
    name: str
    status: CampaignStatus
    request: str | None
    interpreter: str
    author: str
    created_at: datetime
    updated_at: datetime
    revision: int
    content_hash: str
    approval: ApprovalOut | None
    channels: list[Channel]
    schedule_at: datetime | None
    local_time: LocalTimeOut | None = None
    note: str
    plan: PlanOut


class TimedOut(CampaignOut):
    """A campaign and, when it has a time, what that comes to."""

    leaves: LeavesOut | None = None


class CreatedOut(BaseModel):
    campaign_id: str
    status: CampaignStatus
    interpreter: str
    plan: PlanOut
    audience: AudienceOut
    name: str
    next: str


class SaidOut(BaseModel):
    """What words did to a campaign; with a `question` nothing was changed."""

    campaign: CampaignOut
    audience: AudienceOut
    customers_before: int
    understood: list[UnderstoodOut]
    changes: list[str]
    question: QuestionOut | None


class CampaignsOut(BaseModel):
    campaigns: list[CampaignOut]
    next_cursor: str | None


def campaign(c: Campaign, plan: PlanOut) -> CampaignOut:
    """Return a campaign."""
    return CampaignOut(
        campaign_id=c.id,
        name=c.name,
        status=c.status,
        request=c.request,
        interpreter=c.plan.engine,
        author=c.author,
        created_at=c.created_at,
        updated_at=c.updated_at,
        revision=c.revision,
        content_hash=c.content_hash,
        approval=ApprovalOut(
            by=c.approval.by,
            at=c.approval.at,
            content_hash=c.approval.content_hash,
            note=c.approval.note,
        )
        if c.approval
        else None,
        channels=list(c.channels),
        schedule_at=c.schedule_at,
        local_time=local_time(c.local_time),
        note=c.note,
        plan=plan,
    )


def local_time(local: LocalTime | None) -> LocalTimeOut | None:
    """Return a time by each customer's own clock, None when there is none."""
    return LocalTimeOut(at=f"{local.at:%H:%M}", on=local.on) if local else None


def timed(campaign: CampaignOut, leaves: LeavesOut | None) -> TimedOut:
    """Return a campaign with what its time comes to."""
    return TimedOut(**dict(campaign), leaves=leaves)
