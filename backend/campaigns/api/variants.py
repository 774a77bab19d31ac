"""/api/campaigns/{id}/variants: several texts tried on parts of one audience."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from campaigns.api import present, shapes
from campaigns.api.deps import Composer, Reader, S
from campaigns.api.idempotency import IdempotentRoute
from campaigns.api.models import Body, Short
from campaigns.api.problems import responses
from campaigns.flow.variants import LARGEST_SHARE, LONGEST_NAME, LONGEST_TEXT, MOST
from campaigns.model.campaign import CampaignStatus
from campaigns.model.ids import CampaignId
from campaigns.model.plan import Tone
from campaigns.orchestrator.variants import VariantFigures

router = APIRouter(
    prefix="/api/campaigns/{campaign_id}/variants", tags=["campaigns"], route_class=IdempotentRoute
)

Language = Annotated[str, Field(pattern="^[a-z]{2}$")]


class WordsIn(Body):
    """A text in slot form, such as "Your music at {customer} runs until {expiry}."."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
    subject: Short = ""


class VariantIn(Body):
    """One variant: another tone, or words of one's own by language, or both."""

    name: Annotated[str, Field(max_length=LONGEST_NAME)] | None = None
    share: Annotated[int, Field(ge=1, le=LARGEST_SHARE, description="Parts of the audience")] = 1
    tone: Tone | None = None
    words: dict[Language, WordsIn] | None = None


class VariantsIn(Body):
    """The whole set; it takes the place of the one before."""

    variants: Annotated[list[VariantIn], Field(min_length=2, max_length=MOST)]


class ArmOut(BaseModel):
    """`messages`, `edited` and `waiting` count messages, the rest customers."""

    key: str
    name: str
    share: int
    tone: Tone | None
    words: dict[str, WordsIn] | None
    customers: int
    messages: int
    edited: int
    waiting: int
    reached: int
    delivered: int
    read: int
    replied: int
    interested: int
    converted: int


class ComparisonOut(BaseModel):
    """`chance` is Fisher's exact p-value; `sure` when it is below the line for all comparisons."""

    outcome: str
    first: str
    second: str
    chance: float
    sure: bool
    words: str


class VariantsOut(BaseModel):
    campaign_id: str
    status: CampaignStatus
    content_hash: str
    variants: list[ArmOut]
    comparisons: list[ComparisonOut]
    statement: str


@router.post("", responses=responses(404, 409, 503))
def set_variants(
    campaign_id: CampaignId, body: VariantsIn, services: S, actor: Composer
) -> VariantsOut:
    """Write the campaign in two or more variants; each customer gets exactly one."""
    given = [v.model_dump(exclude_none=True, mode="json") for v in body.variants]
    return shown(services.variants.set(campaign_id, given, actor))


@router.get("", responses=responses(404))
def variants(campaign_id: CampaignId, services: S, actor: Reader) -> VariantsOut:
    """Give the variants, what came of each, and whether a difference may be chance."""
    return shown(services.variants.figures(campaign_id))


@router.delete("", responses=responses(404, 409, 503))
def remove(campaign_id: CampaignId, services: S, actor: Composer) -> shapes.CampaignOut:
    """Write the campaign in one text for all again."""
    return present.campaign(services.variants.remove(campaign_id, actor))


def shown(f: VariantFigures) -> VariantsOut:
    """Return variants with their figures."""
    return VariantsOut(
        campaign_id=f.campaign.id,
        status=f.campaign.status,
        content_hash=f.campaign.content_hash,
        **figures(f),
    )


def figures(f: VariantFigures) -> dict[str, Any]:
    """Return the figures alone, as the campaign's statistics hold them."""
    return {
        "variants": [
            {
                **{name: getattr(arm, name) for name in ArmOut.model_fields if hasattr(arm, name)},
                "key": arm.variant.key,
                "name": arm.variant.name,
                "share": arm.variant.share,
                "tone": arm.variant.tone,
                "words": {
                    language: {"text": own.text, "subject": own.subject}
                    for language, own in arm.variant.words.items()
                }
                if arm.variant.words
                else None,
            }
            for arm in f.arms
        ],
        "comparisons": [
            {name: getattr(c, name) for name in ComparisonOut.model_fields} for c in f.comparisons
        ],
        "statement": f.statement,
    }
