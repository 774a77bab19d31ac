"""Pages for recipients of campaigns: the way out of our e-mails. They need no script."""

from fastapi import APIRouter, Request, Response

from campaigns.model.errors import NotFound
from campaigns.web.deps import S
from campaigns.web.render import page

router = APIRouter(include_in_schema=False)


@router.api_route("/u/{token}", methods=["GET", "HEAD"])
def unsubscribe_page(token: str, request: Request, services: S) -> Response:
    """Show the button. Looking never unsubscribes: mail scanners open every link."""
    try:
        services.answers.link_holder(token)
    except NotFound as error:
        return page(
            request, "unsubscribe.html", 404, state="unknown", reason=error.for_people, token=""
        )
    return page(request, "unsubscribe.html", state="ask", reason="", token=token)


@router.post("/u/{token}")
def unsubscribe(token: str, request: Request, services: S) -> Response:
    """Unsubscribe at once: by the page's button or by one click in a mail program (RFC 8058)."""
    try:
        services.answers.unsubscribe(token)
    except NotFound as error:
        return page(
            request, "unsubscribe.html", 404, state="unknown", reason=error.for_people, token=""
        )
    return page(request, "unsubscribe.html", state="done", reason="", token=token)
