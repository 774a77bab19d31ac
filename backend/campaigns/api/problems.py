"""Errors as RFC 9457 problem details: the right status, a title, what to do next; no traces."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from campaigns.model import errors as e

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[e.CampaignError], int] = {
    e.RequestInvalid: 422,
    e.NotFound: 404,
    e.NotAllowed: 403,
    e.WrongState: 409,
    e.Stale: 409,
    e.BookChanged: 409,
    e.EditRefused: 422,
    e.BudgetSpent: 409,
    e.ProviderRefused: 502,
    e.BookError: 503,
    e.FolderInUse: 503,
    e.SettingInvalid: 500,
}

LISTS: dict[e.Among, str] = {
    e.Among.AUTOMATIONS: "/api/automations",
    e.Among.CAMPAIGNS: "/api/campaigns",
    e.Among.CHANGES: "/api/book/changes",
    e.Among.CONTACTS: "/api/customers/{customer_id}",
    e.Among.CUSTOMERS: "/api/customers",
    e.Among.KEYS: "/api/keys",
    e.Among.MESSAGES: "/api/campaigns/{campaign_id}/messages",
    e.Among.REPLIES: "/api/replies",
    e.Among.TEMPLATES: "/api/templates",
}


class FaultOut(BaseModel):
    """One broken place: a JSON pointer into the body, or "?name" for a query parameter."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FaultOut] | None = None


def problem(
    status: int,
    title: str,
    detail: str,
    faults: Sequence[e.Fault] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """Return a problem as a response."""
    body = Problem(
        title=title,
        status=status,
        detail=detail,
        errors=[FaultOut(pointer=f.pointer, detail=f.detail) for f in faults] or None,
    )
    return JSONResponse(
        body.model_dump(exclude_none=True), status, headers=headers, media_type=MEDIA_TYPE
    )


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entries of the problems a route behind a key may answer with."""
    return only(401, 403, 413, 422, *statuses)


def only(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entries of exactly these problems."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: schema}}
        for status in sorted(set(statuses))
    }


def install(app: FastAPI) -> None:
    """Answer every error of the product, of the framework and of the unexpected as a problem."""

    @app.exception_handler(e.CampaignError)
    def _ours(_request: Request, error: e.CampaignError) -> Response:
        status = next((s for kind, s in STATUS.items() if isinstance(error, kind)), 500)
        faults = error.faults if isinstance(error, e.RequestInvalid) else ()
        return problem(status, error.title, f"{error}{_way_on(error)}", faults)

    @app.exception_handler(RequestValidationError)
    def _invalid(_request: Request, error: RequestValidationError) -> Response:
        faults = [e.Fault(pointer(f["loc"]), f["msg"]) for f in error.errors()]
        invalid = e.RequestInvalid(faults)
        return problem(422, invalid.title, str(invalid), faults)

    @app.exception_handler(HTTPException)
    def _framework(_request: Request, error: HTTPException) -> Response:
        title = HTTPStatus(error.status_code).phrase
        headers = dict(error.headers) if error.headers else None
        return problem(error.status_code, title, str(error.detail), headers=headers)

    @app.exception_handler(Exception)
    def _unexpected(request: Request, error: Exception) -> Response:
        log.error("request.failed", method=request.method, route=_route(request), exc_info=error)
        return problem(
            500,
            "Something went wrong here",
            "The request was not carried out. The server's log has the details.",
        )


def pointer(loc: Sequence[object]) -> str:
    """Return the JSON pointer of a place as pydantic names it, "?name" outside the body."""
    place, *rest = loc or ("body",)
    if place in ("query", "path", "header"):
        return f"?{rest[0]}" if rest else "?"
    # A JSON syntax error is located by its character position, which is no pointer.
    parts = [str(p) for p in rest if not (len(rest) == 1 and isinstance(p, int))]
    return "".join(f"/{p.replace('~', '~0').replace('/', '~1')}" for p in parts)


def _route(request: Request) -> str:
    return str(getattr(request.scope.get("route"), "path", "unknown"))


def _way_on(error: e.CampaignError) -> str:
    listed = LISTS.get(error.among) if isinstance(error, e.NotFound) and error.among else None
    return f" List them: GET {listed}" if listed else ""
