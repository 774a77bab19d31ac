"""Importing over HTTP: a table is shown first, and written when somebody says so."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from campaigns.api import book_shapes
from campaigns.api.book_models import Digest
from campaigns.api.deps import Admin, Reader, S
from campaigns.api.guard import MAX_UPLOAD
from campaigns.api.idempotency import IdempotentRoute
from campaigns.api.models import Body, Short
from campaigns.api.problems import responses
from campaigns.book.importing.sources import Table
from campaigns.model.change import Origin
from campaigns.model.errors import EditRefused
from campaigns.model.ids import CustomerId
from campaigns.orchestrator.importing import BookImport, Choices, Report

router = APIRouter(prefix="/api", route_class=IdempotentRoute, tags=["book"])


class FileIn(Body):
    """A Markdown file of one entry."""

    name: Short
    text: Annotated[str, Field(max_length=1_000_000)]


class ImportIn(Body):
    """A CSV table as `text`, or Markdown `files` of one entry each; one of the two.

    `columns` says what columns are, by heading, over what is guessed.
    """

    name: Short = "import.csv"
    text: Annotated[str, Field(max_length=MAX_UPLOAD)] | None = None
    files: Annotated[list[FileIn], Field(min_length=1, max_length=10_000)] | None = None
    columns: Annotated[dict[Short, Short], Field(max_length=200)] = Field(default_factory=dict)
    profile: Short | None = None
    save_profile: Short | None = None
    create: bool = Field(default=False, description="Add customers that no entry is like")
    matches: Annotated[dict[Short, Short | None], Field(max_length=10_000)] = Field(
        default_factory=dict,
        description="What a name that is only near means: a customer_id, or null for a new one",
    )
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
    """A name to be decided about; `ids` are the candidates' customer ids, for `matches`."""

    source: str
    name: str
    candidates: list[str]
    ids: list[str]


class ProfilesOut(BaseModel):
    """Saved mappings of columns, by name."""

    profiles: dict[str, dict[str, str]]


class OriginOut(BaseModel):
    """Where a value was imported from; it explains the book's value while that is still the same."""

    field: str
    value: str
    source: str
    at: datetime


class OriginsOut(BaseModel):
    origins: list[OriginOut]


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
    """Compare customers and contacts with the book, and write them with `apply`."""
    imports = services.imports
    table = _table(body, imports)
    matches = {n: CustomerId(i) if i is not None else None for n, i in body.matches.items()}
    choices = Choices(theirs=body.theirs, create=body.create, matches=matches)
    if body.apply:
        found = imports.apply(table, choices, actor, body.expected)
    else:
        found = imports.look(table, choices)
    if body.save_profile:
        imports.profiles.save(body.save_profile, table.columns)
    return report(found)


def _table(body: ImportIn, imports: BookImport) -> Table:
    match body:
        case ImportIn(text=str() as text, files=None):
            return imports.table(text.encode(), body.name, body.columns, body.profile)
        case ImportIn(text=None, files=list() as files):
            return imports.entries([(f.name, f.text.encode()) for f in files])
        case _:
            raise EditRefused("Give exactly one of `text` and `files`.")


@router.get("/book/import/profiles", responses=responses())
def profiles(services: S, actor: Admin) -> ProfilesOut:
    """List the saved mappings of columns."""
    found = services.imports.profiles.all()
    return ProfilesOut(profiles={name: dict(mapping) for name, mapping in found.items()})


@router.delete("/book/import/profiles/{name}", status_code=204, responses=responses(404, 409))
def remove_profile(name: str, services: S, actor: Admin) -> None:
    """Forget a saved mapping of columns."""
    services.imports.profiles.remove(name)


def origins(found: Sequence[Origin]) -> OriginsOut:
    """Return where values came from."""
    return OriginsOut(
        origins=[OriginOut(field=o.field, value=o.value, source=o.source, at=o.at) for o in found]
    )


@router.get("/customers/{customer_id}/origins", responses=responses(404))
def origins_of(customer_id: CustomerId, services: S, actor: Reader) -> OriginsOut:
    """Say from which file and row each imported value of a customer came."""
    services.customers.get(customer_id)
    return origins(services.imports.origins(customer_id))
