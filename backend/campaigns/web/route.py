"""The route class of every screen: same-origin posts only, and errors as pages."""

import re
import secrets
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlencode

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from campaigns.model import errors as e
from campaigns.web.deps import NotSignedIn
from campaigns.web.render import page
from campaigns.web.security import SAFE_METHODS, from_own_pages

log = structlog.get_logger(__name__)

_FOR_PROGRAMS = re.compile(r"/api/|\bcampaigns [a-z]+\b")

STATUS: dict[type[e.CampaignError], int] = {
    e.RequestInvalid: 422,
    e.NotFound: 404,
    e.NotAllowed: 403,
    e.SignInFailed: 403,
    e.WrongState: 409,
    e.Stale: 409,
    e.BookError: 503,
    e.FolderInUse: 503,
}


class PageRoute(APIRoute):
    """Turns what goes wrong into a page that says what to do next."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler with the house's guards around it."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                _refuse_other_sites(request)
                return await handle(request)
            except NotSignedIn as nobody:
                return _to_sign_in(request, expired=nobody.expired)
            except Exception as error:  # noqa: BLE001 - the outermost frame: a page, whatever happened
                return await run_in_threadpool(error_page, request, error)

        return guarded


def _refuse_other_sites(request: Request) -> None:
    if request.method not in SAFE_METHODS and not from_own_pages(request.headers):
        raise e.NotAllowed(
            "This was sent from another site, so nothing was done. Open the page here and try again."
        )


def _to_sign_in(request: Request, *, expired: bool) -> Response:
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    asked = {"next": back} if request.method == "GET" and back != "/" else {}
    if expired:
        asked["expired"] = "1"
    return RedirectResponse("/login" + (f"?{urlencode(asked)}" if asked else ""), 303)


def error_page(request: Request, error: Exception) -> Response:
    """Return the page for an error; an unexpected one gets a number to report."""
    match error:
        case e.CampaignError():
            status = next((s for kind, s in STATUS.items() if isinstance(error, kind)), 500)
            title, detail, number = error.title, _sentence(error), ""
        case RequestValidationError():
            status, title, number = 422, "Something in the form is missing or wrong", ""
            detail = "; ".join(f"{f['loc'][-1]}: {f['msg']}" for f in error.errors())
        case HTTPException():
            status, number = error.status_code, ""
            title, detail = _framework_words(error)
        case _:
            status, title = 500, "Something went wrong here"
            number = secrets.token_hex(4)
            detail = "It was not you. What you asked for may not have been done: look before you try again."
            log.error("page.failed", number=number, method=request.method, exc_info=error)
    return page(request, "error.html", status, title=title, detail=detail, number=number)


def _sentence(error: e.CampaignError) -> str:
    if isinstance(error, e.RequestInvalid):
        return "; ".join(fault.detail for fault in error.faults).capitalize() + "."
    # The way on through the API or the terminal is no help here.
    sentences = re.split(r"(?<=\.) ", str(error))
    kept = [s for s in sentences if not _FOR_PROGRAMS.search(s)]
    return " ".join(kept or sentences[:1])


def _framework_words(error: HTTPException) -> tuple[str, str]:
    if error.status_code == 404:
        return "There is no such page", "The address may be cut short, or the page has moved."
    return "This is not possible", str(error.detail)
