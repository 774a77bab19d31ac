"""Two texts tried on parts of one audience: set, and taken back; the dashboard shows the result."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from campaigns.model.errors import CampaignError
from campaigns.model.ids import CampaignId
from campaigns.model.plan import Tone
from campaigns.web.deps import Composer, S
from campaigns.web.notices import Notice, see
from campaigns.web.route import PageRoute
from campaigns.web.security import local_path
from campaigns.web.views.composer import edit_path
from campaigns.web.words import TONES, capitalize_first

router = APIRouter(include_in_schema=False, route_class=PageRoute)
Back = Annotated[str, Form(max_length=2_000)]


@router.post("/campaigns/{campaign_id}/variants")
def try_tones(
    campaign_id: CampaignId,
    services: S,
    actor: Composer,
    first: Annotated[Tone, Form()],
    second: Annotated[Tone, Form()],
    back: Back = "",
) -> Response:
    """Write half of the audience in one tone and half in another."""
    to = local_path(back or edit_path(campaign_id))
    if first is second:
        return see(to, services, Notice(text="Choose two different tones.", failed=True))
    given = [{"name": capitalize_first(TONES[t]), "tone": t.value} for t in (first, second)]
    try:
        services.variants.set(campaign_id, given, actor)
    except CampaignError as error:
        return see(to, services, Notice(text=error.for_people, failed=True))
    said = f"Half of the customers read it {TONES[first]}, half {TONES[second]}"
    return see(to, services, Notice(text=said))


@router.post("/campaigns/{campaign_id}/variants/remove")
def one_text(campaign_id: CampaignId, services: S, actor: Composer, back: Back = "") -> Response:
    """Write everybody in one text again."""
    services.variants.remove(campaign_id, actor)
    to = local_path(back or edit_path(campaign_id))
    return see(to, services, Notice(text="One text for all again"))
