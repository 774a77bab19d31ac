"""Bring customers and contacts in from other files: looked at and decided about, then written."""

import json
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from pydantic import BaseModel, Field

from campaigns.book.importing.columns import SKIP, fields
from campaigns.book.importing.compare import Fate
from campaigns.book.importing.sources import Table
from campaigns.book.source import digest_of
from campaigns.model.errors import BookError, NotFound
from campaigns.model.ids import CustomerId
from campaigns.model.wording import plural
from campaigns.orchestrator.importing import Choices, Near, Report
from campaigns.web.deps import Admin, S
from campaigns.web.notices import Notice, see
from campaigns.web.render import page
from campaigns.web.route import UploadRoute

router = APIRouter(include_in_schema=False, route_class=UploadRoute)

SHOWN = 300  # values shown at most
NEW = "+"  # a name that is a customer of its own; no id looks like it
FATES = {
    Fate.FILLED: ("filled", "ok"),
    Fate.ADDED: ("added", "ok"),
    Fate.OVERWRITTEN: ("overwritten", "warn"),
    Fate.CONFLICT: ("the book’s stays", "warn"),
    Fate.REFUSED: ("refused", "bad"),
    Fate.LEFT_OUT: ("left out", "plain"),
}
Words = Annotated[str, Field(max_length=400)]
Many = Annotated[list[Words], Field(max_length=10_000)]


class RowsForm(BaseModel):
    """What is to become of uploaded files; `column` and `field`, `name` and `means` are pairs.

    `seen` names the choices whose consequences the page showed.
    """

    token: Annotated[str, Field(max_length=64)]
    based_on: Annotated[str, Field(max_length=64)] = ""
    column: Many = Field(default_factory=list)
    field: Many = Field(default_factory=list)
    name: Many = Field(default_factory=list)
    means: Many = Field(default_factory=list)
    create: bool = False
    theirs: bool = False
    seen: Annotated[str, Field(max_length=64)] = ""
    save_as: Annotated[str, Field(max_length=60)] = ""
    write: bool = False

    def columns(self) -> Mapping[str, str]:
        """Return what each column is said to be."""
        return dict(zip(self.column, self.field, strict=False))

    def decided(self) -> Mapping[str, str]:
        """Return what was decided about names, those left open aside."""
        return {n: m for n, m in zip(self.name, self.means, strict=False) if m}

    def choices(self) -> Choices:
        """Return the decisions as an import takes them."""
        matches = {n: None if m == NEW else CustomerId(m) for n, m in self.decided().items()}
        return Choices(theirs=self.theirs, create=self.create, matches=matches)

    def chosen(self, columns: Mapping[str, str]) -> str:
        """Return what names these choices, with what the columns are."""
        said = [sorted(columns.items()), sorted(self.decided().items()), self.create, self.theirs]
        return digest_of(json.dumps(said).encode())


@router.post("/customers/import/rows")
def upload(
    request: Request,
    services: S,
    actor: Admin,
    files: Annotated[list[UploadFile], File()],
    profile: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Say what uploaded files would change; nothing is written."""
    token = services.uploads.keep([(f.filename or "file", f.file) for f in files])
    return _looked(request, services, RowsForm(token=token), profile or None)


@router.post("/customers/import/rows/decide")
def decide(
    request: Request, services: S, actor: Admin, form: Annotated[RowsForm, Form()]
) -> Response:
    """Look again with what was decided, or write it: never what the page has not shown."""
    if not form.write or form.seen != form.chosen(form.columns()):
        return _looked(request, services, form)
    try:
        table = services.imports.files(services.uploads.read(form.token), form.columns())
        _keep(services, form, table)
        done = services.imports.apply(table, form.choices(), actor, form.based_on or None)
    except (BookError, NotFound) as error:
        return see("/customers/import", services, Notice(text=error.for_people, failed=True))
    services.uploads.forget(form.token)
    return see("/customers", services, Notice(text=_said(done)))


def _said(done: Report) -> str:
    written = sum(len(done.of(f)) for f in (Fate.FILLED, Fate.ADDED, Fate.OVERWRITTEN))
    open_still = len(done.near) + len(done.unmatched)
    left = f"; {plural(open_still, 'row')} left out" if open_still else ""
    return f"{plural(written, 'value')} written into the customer book{left}"


def _to_decide(found: Report) -> list[Near]:
    """Return the names a person can say something about, those that are near first."""
    return [*(n for n in found.near if n.ids), *found.unmatched]


def _keep(services: S, form: RowsForm, table: Table) -> None:
    if form.save_as.strip() and table.columns:
        services.imports.profiles.save(form.save_as.strip(), table.columns)


def _looked(request: Request, services: S, form: RowsForm, profile: str | None = None) -> Response:
    try:
        files = services.uploads.read(form.token)
        table = services.imports.files(files, form.columns(), profile)
        found = services.imports.look(table, form.choices())
        if profile is None:
            _keep(services, form, table)
    except (BookError, NotFound) as error:
        to = "/customers/import"
        return see(to, services, Notice(text=f"Nothing was written. {error}", failed=True))
    columns = table.columns
    shown = {"based_on": services.book.digest, "seen": form.chosen(columns)}
    names = services.desk.names([CustomerId(m) for m in form.decided().values() if m != NEW])
    return page(
        request,
        "import_rows.html",
        form=form.model_copy(update=shown),
        unseen=form.write,
        found=found,
        decide=_to_decide(found)[:SHOWN],
        nameless=[n for n in found.near if not n.ids],
        undecided=max(0, len(_to_decide(found)) - SHOWN),
        columns=columns,
        fields=fields(),
        skip=SKIP,
        new=NEW,
        fates=FATES,
        counts=[(FATES[f], len(of)) for f in Fate if (of := found.of(f))],
        decided=[(n, m, names.get(CustomerId(m), "")) for n, m in form.decided().items()],
        shown=SHOWN,
    )


@router.post("/customers/import/profiles/{name}/remove")
def remove_profile(services: S, actor: Admin, name: str) -> Response:
    """Forget what the columns of a kind of file are."""
    to = "/customers/import"
    try:
        services.imports.profiles.remove(name)
    except (BookError, NotFound) as error:
        return see(to, services, Notice(text=error.for_people, failed=True))
    return see(to, services, Notice(text=f"{name} is removed"))
