"""Settings: the WhatsApp templates, what Meta says of each, and what waits for them."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, Field

from campaigns.model.access import Scope
from campaigns.model.errors import ProviderRefused, WrongState
from campaigns.model.template import TemplateStatus
from campaigns.model.wording import plural
from campaigns.web.deps import Approver, Composer, Reader, S
from campaigns.web.notices import Notice, see
from campaigns.web.route import PageRoute
from campaigns.web.screens.settings import settings_page
from campaigns.web.views.templates import shown

router = APIRouter(include_in_schema=False, route_class=PageRoute)

HERE = "/settings/templates"
ABSENT = (TemplateStatus.MISSING, TemplateStatus.DELETED)


@router.get(HERE)
def templates(request: Request, services: S, actor: Reader) -> Response:
    """Show every template known at Meta or wanted by messages not sent yet."""
    library = services.templates
    found = [shown(one) for one in library.all()]
    ready = library.missing is None
    return settings_page(
        request,
        "templates",
        services,
        actor,
        needs=Scope.APPROVE,
        found=found,
        missing=library.missing,
        absent=sum(one.template.status in ABSENT for one in found),
        may_ask=ready and actor.allows(Scope.COMPOSE),
        may_submit=ready and actor.allows(Scope.APPROVE),
        may_release=actor.allows(Scope.APPROVE),
    )


@router.post(f"{HERE}/sync")
def sync(services: S, actor: Composer) -> Response:
    """Ask Meta for every template of the account."""
    try:
        changed = services.templates.sync(actor)
    except (ProviderRefused, WrongState) as error:
        return see(HERE, services, Notice(text=error.for_people, failed=True))
    said = f"Meta answered: {plural(changed, 'template')} changed"
    return see(HERE, services, Notice(text=said if changed else "Meta answered: nothing changed"))


@router.post(f"{HERE}/submit")
def submit(services: S, actor: Approver) -> Response:
    """Submit the templates that messages want and Meta does not have."""
    try:
        done = services.templates.submit(actor)
    except (ProviderRefused, WrongState) as error:
        return see(HERE, services, Notice(text=error.for_people, failed=True))
    refused = [f"{one.name}: {'; '.join(one.refused)}" for one in done if one.refused]
    if refused:
        return see(HERE, services, Notice(text=" · ".join(refused)[:1_000], failed=True))
    said = f"{plural(len(done), 'template')} submitted to Meta" if done else "Nothing to submit"
    return see(HERE, services, Notice(text=said))


class ReleaseForm(BaseModel):
    """Which template may be used again."""

    name: Annotated[str, Field(min_length=1, max_length=512)]
    language: Annotated[str, Field(min_length=1, max_length=20)]


@router.post(f"{HERE}/release")
def release(services: S, actor: Approver, form: Annotated[ReleaseForm, Form()]) -> Response:
    """Accept the category Meta gave a template, or end a stop of our own."""
    known = services.templates.release(form.name, form.language, actor)
    said = known.trouble or f"{known.name} may be sent again"
    return see(HERE, services, Notice(text=said, failed=known.trouble is not None))
