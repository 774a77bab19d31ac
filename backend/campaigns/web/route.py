"""The route class of every screen: same-origin posts only, and errors as pages."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from campaigns.model.access import Scope
from campaigns.model.errors import NotAllowed, RequestInvalid
from campaigns.web.deps import Needs, NotSignedIn, signed_in
from campaigns.web.errors import error_page, form_sent
from campaigns.web.render import services_of
from campaigns.web.security import SAFE_METHODS, from_own_pages


class PageRoute(APIRoute):
    """Turns what goes wrong into a page that says what to do next."""

    async def admit(self, request: Request) -> None:
        """Let a request in before its body is read: anybody's, which is small."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler with the house's guards around it."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                _refuse_other_sites(request)
                await self.admit(request)
                return await handle(request)
            except NotSignedIn as nobody:
                return _to_sign_in(request, expired=nobody.expired)
            except Exception as error:  # noqa: BLE001 - the outermost frame: a page, whatever happened
                sent = await form_sent(request) if _keeps_typing(error) else ()
                return await run_in_threadpool(error_page, request, error, sent)

        return guarded


class UploadRoute(PageRoute):
    """A screen that takes large files: nothing is read from who may not import."""

    async def admit(self, request: Request) -> None:
        """Let in who may change the house; raises `NotSignedIn` or `NotAllowed`."""
        await run_in_threadpool(_may_import, request)


def _may_import(request: Request) -> None:
    services = services_of(request)
    Needs(Scope.ADMIN)(signed_in(request, services), services)


def _refuse_other_sites(request: Request) -> None:
    if request.method not in SAFE_METHODS and not from_own_pages(request.headers):
        raise NotAllowed(
            "This was sent from another site, so nothing was done. Open the page here and try again."
        )


def _keeps_typing(error: Exception) -> bool:
    """Whether an error is about what was typed into a form, which is then shown again."""
    return isinstance(error, RequestValidationError | RequestInvalid)


def _to_sign_in(request: Request, *, expired: bool) -> Response:
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    asked = {"next": back} if request.method == "GET" and back != "/" else {}
    if expired:
        asked["expired"] = "1"
    return RedirectResponse("/login" + (f"?{urlencode(asked)}" if asked else ""), 303)
