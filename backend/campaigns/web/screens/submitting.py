"""From the composer to the approver: a look on one's own phone, and submitting."""

from typing import Annotated

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel, Field

from campaigns.model.ids import CampaignId, PersonId
from campaigns.web.deps import Composer, S
from campaigns.web.notices import Notice, see
from campaigns.web.route import PageRoute
from campaigns.web.security import local_path
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


class SubmitForm(BaseModel):
    """What the dialog asks."""

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
    services.approvals.submit(campaign_id, actor, form.note.strip())
    approver = services.desk.assign(f"campaign:{campaign_id}", PersonId(form.approver), actor)
    said = f"Submitted. It waits for {approver or 'an approver'}."
    return see(f"/campaigns/{campaign_id}", services, Notice(text=said))
