"""Signing in at an identity provider: off to it, and back with what it says."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from campaigns.model.errors import NotFound, SignInFailed
from campaigns.model.identity import Handshake
from campaigns.orchestrator.entrance import Entrance
from campaigns.web.deps import S, base_of, is_served_safely
from campaigns.web.route import PageRoute
from campaigns.web.screens.door import Back, closed_door, inside
from campaigns.web.sealed import seal, unseal
from campaigns.web.security import local_path, set_cookie

router = APIRouter(include_in_schema=False, route_class=PageRoute)
COOKIE = "campaigns_handshake"
PURPOSE = "handshake"
LASTS_S = 600
CALLBACK = "/login/oidc/callback"
Word = Annotated[str, Field(max_length=4_000)]
BEGUN_ELSEWHERE = (
    "This sign-in was begun in another window or took longer than ten minutes. Start again."
)


class Answer(BaseModel):
    """What the provider sends the browser back with."""

    code: Word = ""
    state: Word = ""
    error: Word = ""


@router.get("/login/oidc")
def to_provider(request: Request, services: S, back: Back = "") -> Response:
    """Send the browser to the provider, with an attempt of its own in a cookie."""
    entrance = _entrance(services)
    own = services.house.public_url
    if own and urlsplit(own).netloc != request.headers.get("host"):
        # The provider leads back to our public address, where this browser's cookie must be.
        return RedirectResponse(f"{own}/login/oidc", 303)
    try:
        handshake, door = entrance.begin(_callback(services, request))
    except SignInFailed as error:
        return closed_door(request, services, error.for_people)
    response = RedirectResponse(door, 303, {"Cache-Control": "no-store"})
    held = {
        "state": handshake.state,
        "nonce": handshake.nonce,
        "verifier": handshake.verifier,
        "next": local_path(back) if back else "",
        "until": int(services.clock.now().timestamp()) + LASTS_S,
    }
    set_cookie(
        response,
        COOKIE,
        seal(PURPOSE, held, services.secret),
        secure=is_served_safely(services),
        max_age_s=LASTS_S,
    )
    return response


@router.get(CALLBACK)
def back_from_provider(
    request: Request, services: S, answer: Annotated[Answer, Query()]
) -> Response:
    """Let in whom the provider proved, or say in plain words why not."""
    entrance = _entrance(services)
    held = unseal(PURPOSE, request.cookies.get(COOKIE, ""), services.secret)
    try:
        handshake = _ours(held, answer, services)
        if answer.error:
            raise _turned_away(entrance.provider.name, answer.error)
        made = entrance.finish(answer.code, handshake, _callback(services, request))
    except SignInFailed as error:
        response = closed_door(request, services, error.for_people)
    else:
        response = inside(services, made, held["next"] or "/campaigns")
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return response


def _entrance(services: S) -> Entrance:
    if services.entrance is None:
        raise NotFound("No identity provider is set here. Sign in with your password.")
    return services.entrance


def _ours(held: object, answer: Answer, services: S) -> Handshake:
    """Return the attempt this browser began; anything else is somebody else's link."""
    now = int(services.clock.now().timestamp())
    if not isinstance(held, dict) or held["state"] != answer.state or now > held["until"]:
        raise SignInFailed(BEGUN_ELSEWHERE)
    return Handshake(state=held["state"], nonce=held["nonce"], verifier=held["verifier"])


def _turned_away(provider: str, code: str) -> SignInFailed:
    if code == "access_denied":
        return SignInFailed(f"{provider} did not let you through, or you said no there.")
    known = code if code.replace("_", "").isalnum() and len(code) <= 40 else "an unknown error"
    return SignInFailed(
        f"{provider} refused the sign-in ({known}). Start again; if it stays so, tell an admin."
    )


def _callback(services: S, request: Request) -> str:
    return base_of(request, services) + CALLBACK
