"""Campaigns: their state, what words did to them, what was approved."""

from datetime import datetime

from pydantic import BaseModel

from campaigns.api.shapes.audiences import AudienceOut
from campaigns.api.shapes.plans import PlanOut, QuestionOut, UnderstoodOut
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.customer import Channel


class ApprovalOut(BaseModel):
    by: str
    at: datetime
    content_hash: str
    note: str


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
    note: str
    plan: PlanOut


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
        note=c.note,
        plan=plan,
    )
