"""`Idempotency-Key` on writes: the same call twice is done once and answered twice."""

import hashlib
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from campaigns.api.deps import services_of
from campaigns.api.problems import problem

HEADER = "idempotency-key"
MAX_KEY = 128

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class IdempotentRoute(APIRoute):
    """A route that honours `Idempotency-Key` on POST, PATCH and DELETE."""

    def get_route_handler(self) -> Handler:
        """Wrap the route's own handler."""
        handler = super().get_route_handler()

        async def idempotent(request: Request) -> Response:
            key = request.headers.get(HEADER)
            if key is None or request.method not in ("POST", "PATCH", "DELETE"):
                return await handler(request)
            if not key.strip() or len(key) > MAX_KEY:
                return problem(
                    422, "The request is not valid", f"Idempotency-Key: 1 to {MAX_KEY} characters."
                )
            return await _once(request, key, handler)

        return idempotent


async def _once(request: Request, key: str, handler: Handler) -> Response:
    services = services_of(request)
    caller = request.state.actor.key_id
    whole = b"\n".join([request.method.encode(), str(request.url).encode(), await request.body()])
    digest = hashlib.sha256(whole).hexdigest()
    kept = await run_in_threadpool(services.begin_once, key, caller, digest)
    if kept is not None:
        return _again(kept.request_hash == digest, kept.status, kept.body)
    try:
        response = await handler(request)
    except BaseException:
        await run_in_threadpool(services.abandon_once, key, caller)
        raise
    body = bytes(response.body).decode()
    await run_in_threadpool(services.finish_once, key, caller, response.status_code, body)
    return response


def _again(same: bool, status: int | None, body: str | None) -> Response:
    if not same:
        return problem(
            422,
            "The request is not valid",
            "This Idempotency-Key was used for another request; use a new one.",
        )
    if status is None or body is None:
        return problem(
            409,
            "Still under way",
            "The first call with this Idempotency-Key has not ended, or was cut off: look at "
            "GET /api/campaigns before you try again with a new key.",
        )
    return Response(
        body, status, {"Idempotency-Replayed": "true"}, media_type=JSONResponse.media_type
    )
