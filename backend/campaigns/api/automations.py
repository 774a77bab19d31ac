"""/api/automations: requests that become campaigns again and again, each for a person to review."""

from fastapi import APIRouter

from campaigns.api import automation_shapes as shapes
from campaigns.api.deps import Composer, Cursor, Limit, Reader, S
from campaigns.api.idempotency import IdempotentRoute
from campaigns.api.problems import responses
from campaigns.model.errors import Fault, RequestInvalid
from campaigns.model.ids import AutomationId

router = APIRouter(prefix="/api/automations", tags=["automations"], route_class=IdempotentRoute)


@router.post("", status_code=201, responses=responses(503))
def create(body: shapes.AutomationIn, services: S, actor: Composer) -> shapes.AutomationMeansOut:
    """Set up an automation; the answer shows what it means today. It never approves or sends."""
    given = body.model_dump(exclude_none=True, mode="json")
    seen = services.automations.create(given, actor)
    return shapes.means(seen, *services.automations.look(seen.automation))


@router.get("", responses=responses())
def automations(
    services: S, actor: Reader, cursor: Cursor = "", limit: Limit = 50
) -> shapes.AutomationsOut:
    """List automations, newest first."""
    found, following = services.automations.page(cursor, limit)
    return shapes.AutomationsOut(
        automations=[shapes.automation(a) for a in found], next_cursor=following
    )


@router.get("/{automation_id}", responses=responses(404))
def automation(automation_id: AutomationId, services: S, actor: Reader) -> shapes.AutomationOut:
    """Give one automation with its latest run."""
    return shapes.automation(services.automations.get(automation_id))


@router.patch("/{automation_id}", responses=responses(404, 409, 503))
def change(
    automation_id: AutomationId, body: shapes.AutomationPatchIn, services: S, actor: Composer
) -> shapes.AutomationOut:
    """Change what it asks for, its rhythm, its name, or switch it on or off."""
    patch = body.model_dump(exclude_unset=True, mode="json")
    if not patch:
        raise RequestInvalid([Fault("", "name at least one thing to change")])
    return shapes.automation(services.automations.change(automation_id, patch, actor))


@router.delete("/{automation_id}", status_code=204, responses=responses(404))
def remove(automation_id: AutomationId, services: S, actor: Composer) -> None:
    """Remove an automation and its runs; the campaigns it made stay."""
    services.automations.remove(automation_id, actor)


@router.get("/{automation_id}/runs", responses=responses(404))
def runs(
    automation_id: AutomationId, services: S, actor: Reader, cursor: Cursor = "", limit: Limit = 50
) -> shapes.RunsOut:
    """List an automation's runs and what each came to, newest first."""
    found, following = services.automations.runs(automation_id, cursor, limit)
    return shapes.RunsOut(runs=[shapes.run(r) for r in found], next_cursor=following)


@router.post("/{automation_id}/run", status_code=201, responses=responses(404, 409, 503))
def run(automation_id: AutomationId, services: S, actor: Composer) -> shapes.RunOut:
    """Carry it out now, by the same rules; the campaign, if any, waits for review."""
    return shapes.run(services.proposals.run_now(automation_id, actor))
