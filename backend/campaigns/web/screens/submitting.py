"""From the composer to the approver: a look on one's own phone, and submitting."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel, Field

from campaigns.model.campaign import LocalTime
from campaigns.model.ids import CampaignId, PersonId
from campaigns.model.wording import sentence
from campaigns.web.deps import Composer, S, Sender
from campaigns.web.notices import Notice, see
from campaigns.web.route import PageRoute
from campaigns.web.security import local_path
from campaigns.web.views import scheduling
from campaigns.web.views.composer import MANY, edit_path
from campaigns.web.words import CHANNELS

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.post("/campaigns/{campaign_id}/test")
def try_out(
    campaign_id: CampaignId,
    services: S,
    actor: Composer,
    back: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """Send the first customer's messages to ourselves."""
    sent = services.tests.send(campaign_id, actor)
    where = ", ".join(f"{CHANNELS[c]} to {to}" for c, to in (sent.test_to or {}).items())
    return see(
        local_path(back or edit_path(campaign_id)), services, Notice(text=f"On its way: {where}")
    )


class Then(StrEnum):
    """What comes after the approval: somebody presses Send, or it goes by itself."""

    WAIT = "wait"
    LOCAL = "local"


class SubmitForm(BaseModel):
    """What the dialog asks."""

    then: Then = Then.WAIT

    approver: Annotated[str, Field(max_length=60)] = ""
    note: Annotated[str, Field(max_length=2_000)] = ""
    confirm: Annotated[str, Field(max_length=20)] = ""


@router.post("/campaigns/{campaign_id}/submit")
def submit(
    campaign_id: CampaignId, services: S, actor: Composer, form: Annotated[SubmitForm, Form()]
) -> Response:
    """Hand the campaign to an approver."""
    messages = sum(services.drafts.preview(campaign_id, 0).counts.values())
    if messages > MANY and form.confirm != str(messages):
        told = f"Type {messages} to confirm that many messages."
        return see(edit_path(campaign_id), services, Notice(text=told, failed=True))
    start = scheduling.start(services, services.drafts.get(campaign_id))
    local = LocalTime(at=start) if form.then is Then.LOCAL else None
    services.approvals.submit(campaign_id, actor, form.note.strip(), local)
    approver = services.desk.assign(f"campaign:{campaign_id}", PersonId(form.approver), actor)
    said = sentence(f"Submitted. It waits for {approver or 'an approver'}")
    return see(f"/campaigns/{campaign_id}", services, Notice(text=said))


@router.post("/campaigns/{campaign_id}/hold-back")
def hold_back(campaign_id: CampaignId, services: S, actor: Sender) -> Response:
    """Have a submitted campaign wait for Send after its approval."""
    services.approvals.hold_back(campaign_id, actor)
    said = Notice(text="Once approved it waits for somebody to press Send.")
    return see(f"/campaigns/{campaign_id}", services, said)
