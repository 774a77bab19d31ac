"""Pages for recipients and the front page; the console's screens stand beside them."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from campaigns.bootstrap import Services
from campaigns.model.errors import NotFound

HERE = Path(__file__).parent
CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

router = APIRouter(include_in_schema=False)
_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def services_of(request: Request) -> Services:
    """Return what bootstrap wired."""
    services: Services = request.app.state.services
    return services


S = Annotated[Services, Depends(services_of)]


def page(name: str, status: int = 200, **values: object) -> HTMLResponse:
    """Render a template as a page with its security headers."""
    return HTMLResponse(_templates.get_template(name).render(values), status, HEADERS)


@router.api_route("/", methods=["GET", "HEAD"])
def front(services: S) -> Response:
    """Say what this is and how to start."""
    return page(
        "front.html",
        simulated=sorted(c.channel.value for c in services.carriers.values() if c.simulated),
        customers=services.book.count,
    )


@router.get("/static/pages.css")
def style() -> Response:
    """Give the pages' style sheet."""
    return FileResponse(HERE / "static" / "pages.css", media_type="text/css")


@router.api_route("/u/{token}", methods=["GET", "HEAD"])
def unsubscribe_page(token: str, services: S) -> Response:
    """Show the button. Looking never unsubscribes: mail scanners open every link."""
    try:
        services.answers.link_holder(token)
    except NotFound as error:
        return page("unsubscribe.html", 404, state="unknown", reason=str(error), token="")
    return page("unsubscribe.html", state="ask", reason="", token=token)


@router.post("/u/{token}")
def unsubscribe(token: str, services: S) -> Response:
    """Unsubscribe at once: by the page's button or by one click in a mail program (RFC 8058)."""
    try:
        services.answers.unsubscribe(token)
    except NotFound as error:
        return page("unsubscribe.html", 404, state="unknown", reason=str(error), token="")
    return page("unsubscribe.html", state="done", reason="", token=token)
