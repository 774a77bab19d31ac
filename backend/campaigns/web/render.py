"""Pages from templates: one environment, the words as filters, headers on every page."""

import gzip
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from campaigns.bootstrap import Services
from campaigns.model.customer import Channel
from campaigns.model.people import Person
from campaigns.model.wording import plural
from campaigns.web import notices, static, words
from campaigns.web.security import HEADERS
from campaigns.web.shell import Shell, shell_for
from campaigns.web.views.drifted import dated
from campaigns.web.views.facts import marked

TEMPLATES = Path(__file__).parent / "templates"
THEME_COOKIE = "campaigns_theme"
THEMES = ("light", "dark")
WORTH_PACKING = 1_000  # bytes


def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(static=static.url, words=words, channels=tuple(Channel), marked=marked)
    env.filters["plural"] = plural
    env.filters["dated"] = dated
    for name in (
        "day",
        "masked",
        "initials",
        "language",
        "ago",
        "amounts",
        "capitalize_first",
        "city",
    ):
        env.filters[name] = getattr(words, name)
    # Macros as globals: an import in a child template is not visible inside its blocks.
    parts = env.get_template("parts.html").make_module()
    env.globals.update({k: v for k, v in vars(parts).items() if not k.startswith("_")})
    return env


ENVIRONMENT = _environment()


def services_of(request: Request) -> Services:
    """Return what bootstrap wired."""
    services: Services = request.app.state.services
    return services


def page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Render a screen inside the shell of whoever is signed in."""
    services = services_of(request)
    person: Person | None = getattr(request.state, "person", None)
    notice = notices.notice_in(request, services.secret)
    theme = request.cookies.get(THEME_COOKIE, "")
    theme = theme if theme in THEMES else ""
    shell = (
        shell_for(services, person, notice, theme)
        if person
        else Shell(person=None, notice=notice, theme=theme)
    )
    at = {
        "now": services.clock.now(),
        "today": services.clock.today(),
        "zone": services.house.timezone,
        "path": request.url.path,
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
    }
    html = ENVIRONMENT.get_template(template).render(shell=shell, at=at, **values)
    response = packed(request, html, status)
    if notice is not None:
        response.delete_cookie(notices.COOKIE, path="/", httponly=True, samesite="lax")
    return response


def fragment(template: str, **values: object) -> str:
    """Render a part of a screen, for event streams."""
    return ENVIRONMENT.get_template(template).render(**values)


def packed(request: Request, html: str, status: int = 200) -> HTMLResponse:
    """Return HTML with the pages' headers, compressed where the browser takes it.

    No page holds a secret beside what its reader typed, so compressing tells nobody anything.
    """
    body = html.encode()
    headers = {**HEADERS, "Vary": "Accept-Encoding, Cookie"}
    wanted = "gzip" in request.headers.get("accept-encoding", "")
    if wanted and len(body) > WORTH_PACKING:
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body, 5, mtime=0)
    return HTMLResponse(body, status, headers)
