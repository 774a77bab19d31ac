"""In front of the door: sign in, the first account, a password by link, sign out."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, Field

from campaigns.model.errors import NotFound, RequestInvalid, SignInFailed
from campaigns.model.people import TicketKind
from campaigns.orchestrator.entrance import no_passwords
from campaigns.orchestrator.people import SESSION_LASTS, Refused, SignedIn
from campaigns.web import words
from campaigns.web.deps import S, base_of, is_served_safely
from campaigns.web.notices import see
from campaigns.web.render import THEME_COOKIE, THEMES, page
from campaigns.web.route import PageRoute
from campaigns.web.security import SESSION_COOKIE, local_path, set_cookie

router = APIRouter(include_in_schema=False, route_class=PageRoute)
Short = Annotated[str, Field(max_length=400)]
Back = Annotated[str, Query(alias="next", max_length=2000)]
WRONG = "This e-mail address and password do not belong together."


class SignIn(BaseModel):
    """What the form sends; `next` is where to go afterwards."""

    email: Short = ""
    password: Short = ""
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the door says above its form; `way_out` is where one leaves the provider, too."""

    expired: bool = False
    refused: str = ""
    way_out: str = ""


class FirstAccount(BaseModel):
    """What the set-up form sends."""

    token: Short = ""
    name: Short = ""
    email: Short = ""
    password: Short = ""


@router.get("/")
def front(request: Request, services: S) -> Response:
    """Go where work is: to the campaigns, or to the door."""
    token = request.cookies.get(SESSION_COOKIE)
    known = services.people.signed_in(token) if token else None
    return see("/campaigns" if known else "/login", services)


@router.get("/login")
def sign_in_page(
    request: Request, services: S, back: Back = "", expired: bool = False, out: bool = False
) -> Response:
    """Show the form; to who just signed `out`, also the way out at their provider."""
    way_out = _way_out(request, services) if out else ""
    return _door(request, services, SignIn(next=back), Said(expired=expired, way_out=way_out))


def _way_out(request: Request, services: S) -> str:
    if services.entrance is None:
        return ""
    try:
        return services.entrance.provider.way_out(f"{base_of(request, services)}/login") or ""
    except SignInFailed:
        return ""  # they are out of here all the same


@router.post("/login")
def sign_in(request: Request, services: S, form: Annotated[SignIn, Form()]) -> Response:
    """Open a session, or say once more that the two do not belong together."""
    _require_passwords(services)
    result = services.people.sign_in(form.email, form.password)
    if isinstance(result, SignedIn):
        return inside(services, result, local_path(form.next) if form.next else "/campaigns")
    return _door(request, services, form, Said(refused=_why(services, result)), 401)


def _door(request: Request, services: S, form: SignIn, said: Said, status: int = 200) -> Response:
    return page(
        request,
        "login.html",
        status,
        next=form.next,
        email=form.email,
        said=said,
        nobody_yet=not services.people.all(),
        passwords=services.settings.campaigns_password_sign_in,
        provider=services.entrance.provider.name if services.entrance else "",
    )


def closed_door(request: Request, services: S, why: str) -> Response:
    """Show the door to somebody an identity provider did not bring in, with the reason."""
    return _door(request, services, SignIn(), Said(refused=why), 403)


def _require_passwords(services: S) -> None:
    if not services.settings.campaigns_password_sign_in and services.entrance is not None:
        raise no_passwords(services.entrance.provider.name)


def _why(services: S, refused: Refused) -> str:
    if refused.locked_until is None:
        return WRONG
    wait = words.lasting((refused.locked_until - services.clock.now()).total_seconds())
    return f"Too many tries. This address is locked for {wait}; an admin's reset link opens it now."


def inside(services: S, made: SignedIn, to: str) -> Response:
    """Lead somebody who proved who they are inside, with a session of their own."""
    response = see(to, services)
    seconds = int(SESSION_LASTS.total_seconds())
    set_cookie(
        response, SESSION_COOKIE, made.token, secure=is_served_safely(services), max_age_s=seconds
    )
    return response


@router.post("/logout")
def sign_out(request: Request, services: S) -> Response:
    """End the session."""
    token = request.cookies.get(SESSION_COOKIE)
    person = services.people.signed_in(token) if token else None
    if token:
        services.people.sign_out(token)
    # Signing out at the provider ends more than this console, so it is offered, not done.
    response = see("/login?out=1" if person and person.identity else "/login", services)
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax")
    return response


@router.get("/setup")
def setup_page(request: Request, services: S, token: str = "") -> Response:
    """Show the form for the first account to whoever holds the printed link."""
    works = bool(token) and services.people.is_setup(token)
    return _setup(
        request, services, FirstAccount(token=token[:400]), 200 if works else 404, works=works
    )


@router.post("/setup")
def set_up(request: Request, services: S, form: Annotated[FirstAccount, Form()]) -> Response:
    """Make the first account."""
    try:
        password = form.password if services.settings.campaigns_password_sign_in else None
        made = services.people.set_up(form.token, form.name, form.email, password)
    except RequestInvalid as error:
        return _setup(request, services, form, 422, error=error)
    return inside(services, made, "/campaigns/new")


def _setup(
    request: Request,
    services: S,
    form: FirstAccount,
    status: int,
    *,
    works: bool = True,
    error: RequestInvalid | None = None,
) -> Response:
    return page(
        request,
        "setup.html",
        status,
        form=form,
        works=works,
        faults=faults_of(error),
        passwords=services.settings.campaigns_password_sign_in,
        provider=services.entrance.provider.name if services.entrance else "",
    )


@router.get("/welcome/{token}")
def welcome_page(token: str, request: Request, services: S) -> Response:
    """Show the holder of an invitation or a reset link a form for a password."""
    return _welcome(request, services, token)


@router.post("/welcome/{token}")
def welcome(
    token: str, request: Request, services: S, password: Annotated[str, Form(max_length=400)] = ""
) -> Response:
    """Set the password and let them in."""
    _require_passwords(services)
    try:
        made = services.people.choose_password(token, password)
    except RequestInvalid as error:
        return _welcome(request, services, token, error)
    except NotFound:
        return _welcome(request, services, token)
    return inside(services, made, "/campaigns")


def _welcome(
    request: Request, services: S, token: str, error: RequestInvalid | None = None
) -> Response:
    try:
        holder, kind = services.people.link_holder(token)
    except NotFound as gone:
        return page(request, "welcome.html", 404, holder=None, reason=str(gone))
    return page(
        request,
        "welcome.html",
        422 if error else 200,
        holder=holder,
        first=kind is TicketKind.INVITATION,
        token=token,
        faults=faults_of(error),
    )


@router.post("/account/theme")
def theme(
    services: S,
    theme: Annotated[str, Form(max_length=10)] = "",
    back: Annotated[str, Form(alias="next", max_length=2000)] = "/",
) -> Response:
    """Keep light, dark or the system's own."""
    response = see(local_path(back), services)
    wanted = theme if theme in THEMES else ""
    set_cookie(response, THEME_COOKIE, wanted, secure=False, max_age_s=365 * 86_400)
    return response


def faults_of(error: RequestInvalid | None) -> defaultdict[str, str]:
    """Return what is wrong by field; "" for fields that are right."""
    found: defaultdict[str, str] = defaultdict(str)
    for fault in error.faults if error else ():
        found[fault.pointer] = fault.detail[:1].upper() + fault.detail[1:] + "."
    return found
