"""A follow-up: a new draft for exactly the customers of a campaign who have not answered."""

from collections.abc import Collection, Iterable, Mapping

from fastapi import APIRouter, Response

from campaigns.model.ids import CampaignId, CustomerId
from campaigns.model.message import Message
from campaigns.model.message import MessageStatus as M
from campaigns.model.plan import CampaignType, reference
from campaigns.web.deps import Composer, S
from campaigns.web.notices import Notice, see
from campaigns.web.route import PageRoute
from campaigns.web.screens.customers import NAMED_AT_MOST
from campaigns.web.views.composer import edit_path

router = APIRouter(include_in_schema=False, route_class=PageRoute)

REACHED = frozenset({M.DELIVERED, M.READ})
MOST_MESSAGES = 10_000  # read to find who was reached


@router.post("/campaigns/{campaign_id}/follow-up")
def follow_up(campaign_id: CampaignId, services: S, actor: Composer) -> Response:
    """Draft a follow-up for who was reached and has not answered; nothing is sent."""
    outcome = services.progress.outcome(campaign_id)
    reached, _ = services.progress.recipients(campaign_id, REACHED, None, 0, MOST_MESSAGES)
    silent = silent_of(reached, {a.customer_id for a in outcome.answers})
    refused = _refused(len(silent))
    if refused:
        return see(f"/campaigns/{campaign_id}", services, Notice(text=refused, failed=True))
    body = {
        "name": f"Follow-up: {outcome.campaign.name}",
        "type": CampaignType.FOLLOW_UP.value,
        "filters": {"customer": [reference(name, i) for i, name in silent.items()]},
    }
    draft, _ = services.drafts.create_structured(body, actor)
    return see(edit_path(draft.id), services)


def silent_of(
    reached: Iterable[Message], answered: Collection[CustomerId]
) -> Mapping[CustomerId, str]:
    """Return the names of the customers who were reached and have not answered, by id."""
    return {m.customer_id: m.customer for m in reached if m.customer_id not in answered}


def _refused(silent: int) -> str:
    if not silent:
        return "Everybody who was reached has answered."
    if silent > NAMED_AT_MOST:
        return f"{silent:,} have not answered; a follow-up names at most {NAMED_AT_MOST}."
    return ""
