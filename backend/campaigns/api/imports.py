"""Importing over HTTP: a table is shown first, and written when somebody says so."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from campaigns.api import book_shapes
from campaigns.api.book_models import Digest
from campaigns.api.deps import Admin, S
from campaigns.api.idempotency import IdempotentRoute
from campaigns.api.models import Body, Short
from campaigns.api.problems import responses
from campaigns.orchestrator.importing import Choices, Report

router = APIRouter(prefix="/api", route_class=IdempotentRoute, tags=["book"])


class ImportIn(Body):
    """A CSV table; `columns` says what columns are, by heading, over what is guessed."""

    name: Short = "import.csv"
    text: Annotated[str, Field(max_length=1_000_000)]
    columns: Annotated[dict[Short, Short], Field(max_length=200)] = Field(default_factory=dict)
    profile: Short | None = None
    save_profile: Short | None = None
    create: bool = Field(default=False, description="Add customers that no entry is like")
    theirs: bool = Field(default=False, description="The table's value counts in a conflict")
    apply: bool = Field(default=False, description="Write it; else it is only shown")
    expected: Digest | None = None


class ItemOut(BaseModel):
    """One incoming value: what the book has, what the table has, what becomes of it."""

    source: str
    customer: str
    field: str
    book: str
    file: str
    fate: str
    why: str


class NearOut(BaseModel):
    source: str
    name: str
    candidates: list[str]


class ReportOut(BaseModel):
    """What an import changes; `change` is null while nothing is written."""

    mapping: dict[str, str]
    unmapped: list[str]
    items: list[ItemOut]
    near: list[NearOut]
    unmatched: list[NearOut]
    created: list[str]
    same: int
    change: book_shapes.ChangeOut | None


def report(r: Report) -> ReportOut:
    """Return a report."""
    return ReportOut(
        mapping=dict(r.mapping),
        unmapped=list(r.unmapped),
        items=[ItemOut.model_validate(asdict(i)) for i in r.items],
        near=[NearOut.model_validate(asdict(n)) for n in r.near],
        unmatched=[NearOut.model_validate(asdict(n)) for n in r.unmatched],
        created=list(r.created),
        same=r.same,
        change=book_shapes.change(r.change, private=True) if r.change else None,
    )


@router.post("/book/import", responses=responses(404, 409, 503))
def import_table(body: ImportIn, services: S, actor: Admin) -> ReportOut:
    """Compare a CSV table of customers and contacts with the book, and write it with `apply`."""
    imports = services.imports
    table = imports.table(body.text.encode(), body.name, body.columns, body.profile)
    choices = Choices(theirs=body.theirs, create=body.create)
    if body.apply:
        found = imports.apply(table, choices, actor, body.expected)
    else:
        found = imports.look(table, choices)
    if body.save_profile:
        imports.save_profile(body.save_profile, table.mapping)
    return report(found)
