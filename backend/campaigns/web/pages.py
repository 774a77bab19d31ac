"""Every page, in one router: for recipients, and the console's screens."""

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.convertors import StringConvertor, register_url_convertor

from campaigns.web import recipients, static
from campaigns.web.deps import signed_in
from campaigns.web.render import services_of
from campaigns.web.route import PageRoute
from campaigns.web.screens import (
    automations,
    bookwork,
    campaigns,
    composer,
    contacts,
    customers,
    dashboard,
    door,
    doubts,
    entrance,
    followups,
    importing,
    inbox,
    messages,
    planning,
    review,
    rewriting,
    rows,
    scheduling,
    senders,
    settings,
    submitting,
    suppressions,
    templates,
    trail,
    variants,
)

# What recipients of messages open, without an account.
router = recipients.router

# What people with an account open.
console = APIRouter(include_in_schema=False)
for screens in (
    static,
    variants,
    bookwork,
    automations,
    doubts,
    door,
    entrance,
    campaigns,
    composer,
    planning,
    messages,
    rewriting,
    submitting,
    review,
    dashboard,
    followups,
    inbox,
    senders,
    importing,
    rows,
    contacts,
    customers,
    suppressions,
    trail,
    scheduling,
    settings,
    templates,
):
    console.include_router(screens.router)


class _NoOtherDoor(StringConvertor):
    """Any path but those of the API and of the machines that watch."""

    regex = r"(?!api/|api$|webhooks/|line/|u/|openapi\.json|healthz|readyz|metrics).*"


register_url_convertor("console", _NoOtherDoor())
lost = APIRouter(include_in_schema=False, route_class=PageRoute)


@lost.get("/{path:console}")
def no_such_page(path: str, request: Request) -> Response:
    """Say that there is no such page, inside the console to who is signed in."""
    signed_in(request, services_of(request))
    raise HTTPException(404)


console.include_router(lost)
