"""/api/campaigns/{id}/individual: texts of their own for single customers, each looked at."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from campaigns.api import shapes
from campaigns.api.deps import Composer, Reader, S
from campaigns.api.idempotency import IdempotentRoute
from campaigns.api.models import Body, Short
from campaigns.api.problems import responses
from campaigns.model.ids import CampaignId, CustomerId, MessageId
from campaigns.orchestrator.individual import MOST, Alone

router = APIRouter(
    prefix="/api/campaigns/{campaign_id}", tags=["campaigns"], route_class=IdempotentRoute
)


class IndividualIn(Body):
    """Who gets a text of their own; an empty list takes all back."""

    customers: Annotated[list[Short], Field(max_length=MOST)]


class IndividualOut(BaseModel):
    """Who is written to individually; `waiting` messages nobody looked at yet."""

    customers: list[str]
    waiting: int
    messages: list[shapes.MessageOut]


def shown(found: Alone) -> IndividualOut:
    """Return who is written to individually."""
    return IndividualOut(
        customers=list(found.campaign.individual),
        waiting=found.waiting,
        messages=shapes.messages(found.messages),
    )


@router.get("/individual", responses=responses(404))
def individual(campaign_id: CampaignId, services: S, actor: Reader) -> IndividualOut:
    """Give every message that somebody has to look at by itself."""
    return shown(services.individual.get(campaign_id))


@router.put("/individual", responses=responses(404, 409))
def choose(
    campaign_id: CampaignId, body: IndividualIn, services: S, actor: Composer
) -> IndividualOut:
    """Have a model write to these customers one by one, from their own facts."""
    chosen = [CustomerId(customer) for customer in body.customers]
    return shown(services.individual.set(campaign_id, chosen, actor))


@router.post("/messages/{message_id}/review", responses=responses(404, 409))
def review(
    campaign_id: CampaignId, message_id: MessageId, services: S, actor: Composer
) -> shapes.MessageOut:
    """Note that you looked at a message as it reads now; other words ask again."""
    return shapes.message(services.individual.review(campaign_id, message_id, actor))
