"""Raw ASGI around the application: who calls, how much they may send.

Every path under /api needs a live key, whether a route exists or not, and is refused before
its body is read. Bodies are bounded.
"""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from campaigns.api.problems import problem
from campaigns.book.importing.unpack import MOST_BYTES
from campaigns.model.access import Actor
from campaigns.model.access import Scope as May

MAX_BODY = 1_000_000  # bytes
MAX_WEBHOOK = 4_000_000  # Meta's batches have up to 3 MB, and what is refused here comes no more
MAX_UPLOAD = MOST_BYTES  # a customer book, or files to import, all of them together
# Where files are uploaded. What browsers send is written to disk as it comes, once it is known
# that somebody who may import sends it; a program's JSON is held in memory, an admin's only.
UPLOADS = frozenset({"/customers/import", "/customers/import/rows", "/api/book/import"})
OPEN = frozenset({"/api/health"})


def secret_in(headers: Headers) -> str | None:
    """Return the key a request carries: `Authorization: Bearer ...` or `X-API-Key`."""
    kind, _, value = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and value.strip():
        return value.strip()
    return headers.get("x-api-key") or None


class KeyGuard:
    """Lets only live keys in; the actor goes to `request.state.actor`."""

    def __init__(self, app: ASGIApp, authenticate: Callable[[str], Actor | None]) -> None:
        self._app = app
        self._authenticate = authenticate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_api(scope["path"]):
            await self._app(scope, receive, send)
            return
        secret = secret_in(Headers(scope=scope))
        actor = await run_in_threadpool(self._authenticate, secret) if secret else None
        if actor is None:
            detail = (
                "This key is unknown, expired or revoked."
                if secret
                else "Send a key: `Authorization: Bearer <key>` or `X-API-Key: <key>`. "
                "`campaigns keys create` makes one."
            )
            headers = {"WWW-Authenticate": 'Bearer realm="campaigns"'}
            await problem(401, "A key is needed", detail, headers=headers)(scope, receive, send)
            return
        scope.setdefault("state", {})["actor"] = actor
        await self._app(scope, receive, send)


def _is_api(path: str) -> bool:
    return path == "/api" or path.startswith("/api/")


class BodyLimit:
    """Refuses bodies over `MAX_BODY` (`MAX_WEBHOOK`), also those that do not say their length.

    Uploads may have `MAX_UPLOAD` and are passed on piece by piece; one that is larger ends where
    it is read, in the error of a page or of the API.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"] in UPLOADS and _may_upload(scope):
            await self._app(scope, _bounded(scope, receive), send)
            return
        most = MAX_WEBHOOK if scope["path"].startswith("/webhooks/") else MAX_BODY
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared) > most:
            await _too_large(most)(scope, receive, send)
            return
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            if len(body) > most:
                await _too_large(most)(scope, receive, send)
                return
            if not message.get("more_body"):
                break
        await self._app(scope, _replay(bytes(body), receive), send)


def _may_upload(scope: Scope) -> bool:
    """Whether a program may; pages look at who is signed in before they read the body."""
    actor: Actor | None = scope.get("state", {}).get("actor")
    return actor is None or actor.allows(May.ADMIN)


def _bounded(scope: Scope, receive: Receive) -> Receive:
    declared = Headers(scope=scope).get("content-length", "0")
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MAX_UPLOAD or (declared.isdecimal() and int(declared) > MAX_UPLOAD):
            raise HTTPException(
                413, f"This is more than {MAX_UPLOAD // 1_000_000} MB. Send it in parts."
            )
        return message

    return counted


def _replay(body: bytes, receive: Receive) -> Receive:
    done = False

    async def again() -> Message:
        nonlocal done
        if done:
            return await receive()
        done = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _too_large(most: int) -> ASGIApp:
    return problem(
        413, "The body is too large", f"A body may have {most:,} bytes; send it in parts."
    )
