"""Messages in doubt: they left, no answer came, and only a person can say what became of them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, Field

from campaigns.model.access import Scope
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import MessageStatus
from campaigns.web.deps import Reader, S, Sender
from campaigns.web.notices import Notice, see
from campaigns.web.render import page
from campaigns.web.route import PageRoute
from campaigns.web.security import local_path

router = APIRouter(include_in_schema=False, route_class=PageRoute)
LISTED = 200


class Verdict(StrEnum):
    """What somebody says became of a message."""

    AGAIN = "again"
    ARRIVED = "arrived"
    GIVE_UP = "give_up"


DECISIONS: Mapping[Verdict, tuple[MessageStatus, str]] = {
    Verdict.AGAIN: (MessageStatus.QUEUED, "It is sent again"),
    Verdict.ARRIVED: (MessageStatus.ACCEPTED, "Noted as sent"),
    Verdict.GIVE_UP: (MessageStatus.FAILED, "Given up"),
}


class Decision(BaseModel):
    """A decision, and how its maker knows."""

    decision: Verdict
    why: Annotated[str, Field(max_length=400)] = ""
    back: Annotated[str, Field(max_length=200)] = ""


@router.get("/doubts")
def doubts(request: Request, services: S, actor: Reader) -> Response:
    """List messages in doubt of every campaign, with what can be decided about each."""
    found = services.outlook.doubts(LISTED)
    names = services.desk.called({f"campaign:{m.campaign_id}" for m in found})
    return page(
        request, "doubts.html", found=found, names=names, may_decide=actor.allows(Scope.SEND)
    )


@router.post("/campaigns/{campaign_id}/messages/{message_id}/decide")
def decide(
    campaign_id: CampaignId,
    message_id: MessageId,
    services: S,
    actor: Sender,
    form: Annotated[Decision, Form()],
) -> Response:
    """Take a person's decision about a message in doubt or held."""
    status, said = DECISIONS[form.decision]
    known_by = form.why.strip() or "decided in the console"
    services.sends.resolve(campaign_id, message_id, status, known_by, actor)
    to = local_path(form.back) if form.back else f"/campaigns/{campaign_id}#fails"
    return see(to, services, Notice(text=said))
