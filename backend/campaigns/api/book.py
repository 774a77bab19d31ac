"""The customer book over HTTP: what is wrong with it."""

from typing import Annotated

from fastapi import APIRouter, Query

from campaigns.api import book_shapes
from campaigns.api.deps import Reader, S
from campaigns.api.idempotency import IdempotentRoute
from campaigns.api.problems import responses
from campaigns.book import summary

router = APIRouter(prefix="/api", route_class=IdempotentRoute, tags=["book"])


@router.get("/book/diagnostics", responses=responses(503))
def diagnostics(
    services: S,
    actor: Reader,
    limit: Annotated[int, Query(ge=0, le=10_000)] = 500,
    days: Annotated[int, Query(ge=0, le=3_650)] = summary.SOON,
) -> book_shapes.DiagnosticsOut:
    """Say what is wrong with the customer book, and what to do first."""
    book = services.book.book
    found = summary.of_book(book, services.clock.today(), days)
    return book_shapes.diagnostics(book, found, limit)
