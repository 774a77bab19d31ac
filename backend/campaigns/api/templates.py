"""The WhatsApp template library: what Meta says of our templates, and what waits for them."""

from collections.abc import Iterable
from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from campaigns.api.deps import Approver, Composer, Reader, S
from campaigns.api.idempotency import IdempotentRoute
from campaigns.api.problems import responses
from campaigns.model.template import KnownTemplate, TemplateCategory, TemplateStatus
from campaigns.orchestrator.templates import Listed

router = APIRouter(prefix="/api/templates", tags=["templates"], route_class=IdempotentRoute)


class TemplateListOut(BaseModel):
    """One template; `trouble` says why nothing may be sent with it, null when it may."""

    name: str
    language: str
    status: TemplateStatus
    category: TemplateCategory | None
    submitted_as: TemplateCategory | None
    quality: str
    body: str
    buttons: list[str]
    trouble: str | None
    changed_at: datetime | None
    waiting_messages: int


class TemplatesOut(BaseModel):
    """Every template known at Meta or wanted by messages not sent yet."""

    templates: list[TemplateListOut]


class SyncedOut(BaseModel):
    """How many templates changed."""

    changed: int


class SubmitIn(BaseModel):
    """Which templates to submit; all that are wanted and missing when empty."""

    names: list[str] = Field(default=[], max_length=100)


class SubmittedOut(BaseModel):
    """What came of submitting one template; `refused` holds every objection."""

    name: str
    language: str
    status: TemplateStatus
    refused: list[str]


class SubmissionsOut(BaseModel):
    """What came of each."""

    submitted: list[SubmittedOut]


@router.get("", responses=responses())
def templates(services: S, actor: Reader) -> TemplatesOut:
    """List templates with what Meta says of them and how many messages wait for them."""
    return listed(services.templates.all())


@router.post("/sync", responses=responses(409, 502))
def sync(services: S, actor: Composer) -> SyncedOut:
    """Ask Meta for every template of the account."""
    return SyncedOut(changed=services.templates.sync(actor))


@router.post("/submit", responses=responses(404, 409, 502))
def submit(body: SubmitIn, services: S, actor: Approver) -> SubmissionsOut:
    """Submit the templates that unsent messages want and Meta does not have, for approval."""
    done = services.templates.submit(actor, body.names)
    return SubmissionsOut(
        submitted=[
            SubmittedOut(
                name=one.name,
                language=one.language,
                status=one.status,
                refused=list(one.refused),
            )
            for one in done
        ]
    )


@router.post("/{name}/{language}/release", responses=responses(404, 409))
def release(name: str, language: str, services: S, actor: Approver) -> TemplateListOut:
    """Let a template be used again: accept the category Meta gave it, end a stop of our own."""
    return _template(services.templates.release(name, language, actor), 0)


def listed(found: Iterable[Listed]) -> TemplatesOut:
    """Return templates as the API shows them."""
    return TemplatesOut(templates=[_template(one.template, one.messages) for one in found])


def _template(known: KnownTemplate, waiting: int) -> TemplateListOut:
    told = [at for at in (known.status_at, known.category_at, known.quality_at) if at]
    return TemplateListOut(
        name=known.name,
        language=known.language,
        status=known.status,
        category=known.category,
        submitted_as=known.submitted_as,
        quality=known.quality,
        body=known.body,
        buttons=list(known.buttons),
        trouble=known.trouble,
        changed_at=max(told) if told else None,
        waiting_messages=waiting,
    )
