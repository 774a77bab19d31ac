"""A draft put right: words somebody answers for, and what the book says otherwise since."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from campaigns.api import shapes
from campaigns.api.deps import Composer, Reader, S
from campaigns.api.idempotency import IdempotentRoute
from campaigns.api.models import Body
from campaigns.api.problems import responses
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.ids import CampaignId, MessageId
from campaigns.orchestrator.edits import Confirmed
from campaigns.orchestrator.recomposing import Drift, Recomposed

router = APIRouter(
    prefix="/api/campaigns/{campaign_id}", tags=["campaigns"], route_class=IdempotentRoute
)


class ConfirmIn(Body):
    """Words as they stand in the message that you answer for: those of checks `to_confirm`.

    `everywhere` also in every other message of the campaign that is blocked for them.
    """

    words: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=20_000)]],
        Field(min_length=1, max_length=100),
    ]
    everywhere: bool = False


class ConfirmedOut(shapes.MessageOut):
    """The message, and in how many `messages` the words were confirmed.

    Of those `blocked` have other faults still. Just the one unless `everywhere` was asked for.
    """

    messages: int
    blocked: int


class DriftOut(BaseModel):
    """A customer of whom the book says something else than the draft's messages.

    `edited` when words to them were changed by hand: they stay and are checked again. `matches` is
    false where nothing can be written anew, as they are no longer in the audience.
    """

    customer_id: str
    customer: str
    why: str
    edited: bool
    matches: bool


class DriftsOut(BaseModel):
    """What the book says otherwise; empty once the campaign has gone beyond its approval."""

    changed: list[DriftOut]


class RecomposedOut(BaseModel):
    """How many customers were written to anew.

    Of them `kept` have words changed by hand; `blocked` messages need a fix. `left` are those of
    whom the book says something else still, since they are no longer in the audience.
    """

    campaign_id: str
    status: CampaignStatus
    content_hash: str
    customers: int
    kept: int
    blocked: int
    left: list[DriftOut]


def confirmed(done: Confirmed) -> ConfirmedOut:
    """Return the message whose words were confirmed, and in how many they were."""
    return ConfirmedOut(
        **dict(shapes.message(done.message)), messages=done.messages, blocked=done.blocked
    )


def drift(found: Drift) -> DriftOut:
    """Return a customer of whom the book says something else."""
    return DriftOut(
        customer_id=found.customer_id,
        customer=found.customer,
        why=found.why,
        edited=found.edited,
        matches=found.matches,
    )


def drifts(found: Sequence[Drift]) -> DriftsOut:
    """Return of whom the book says something else."""
    return DriftsOut(changed=[drift(d) for d in found])


def recomposed(campaign: Campaign, done: Recomposed) -> RecomposedOut:
    """Return what writing anew came to."""
    return RecomposedOut(
        campaign_id=campaign.id,
        status=campaign.status,
        content_hash=campaign.content_hash,
        customers=done.customers,
        kept=done.kept,
        blocked=done.blocked,
        left=[drift(d) for d in done.left],
    )


@router.get("/recompose", responses=responses(404))
def changed(campaign_id: CampaignId, services: S, actor: Reader) -> DriftsOut:
    """Give of whom the customer book says something else since a draft was composed."""
    return drifts(services.recomposing.drift(campaign_id))


@router.post("/recompose", responses=responses(404, 409, 503))
def recompose(campaign_id: CampaignId, services: S, actor: Composer) -> RecomposedOut:
    """Write to those anew, and to nobody else: keeps hand edits, voids an approval."""
    done = services.recomposing.recompose(campaign_id, actor)
    return recomposed(services.drafts.get(campaign_id), done)


@router.post("/messages/{message_id}/confirm", responses=responses(404, 409))
def confirm(
    campaign_id: CampaignId, message_id: MessageId, body: ConfirmIn, services: S, actor: Composer
) -> ConfirmedOut:
    """Answer by name for words without a source; the approver is told, an approval is void.

    Never for a figure, a date, a name or a promise: those need a `source`.
    """
    edits = services.edits
    confirming = edits.confirm_everywhere if body.everywhere else edits.confirm_words
    return confirmed(confirming(campaign_id, message_id, body.words, actor))
