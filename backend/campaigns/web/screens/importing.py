"""Import: a new customer book is compared first, and applied only by a person."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from pydantic import BaseModel, Field

from campaigns.book.importing.unpack import MOST_BYTES
from campaigns.model.errors import BookError, NotFound
from campaigns.model.wording import plural
from campaigns.orchestrator.bookkeeping import Comparison
from campaigns.web.deps import Admin, S
from campaigns.web.notices import Notice, see
from campaigns.web.render import page
from campaigns.web.route import UploadRoute

router = APIRouter(include_in_schema=False, route_class=UploadRoute)

PROBLEMS = 300  # shown at most


@router.get("/customers/import")
def import_page(request: Request, services: S, actor: Admin) -> Response:
    """Show the book in service and the way to another one."""
    return _page(request, services)


def _page(
    request: Request,
    services: S,
    status: int = 200,
    *,
    found: Comparison | None = None,
    unreadable: str = "",
    name: str = "",
) -> Response:
    book = services.book
    return page(
        request,
        "import.html",
        status,
        found=found,
        unreadable=unreadable,
        name=name,
        path=book.path.name,
        customers=book.count,
        trouble=book.trouble,
        shown=PROBLEMS,
        profiles=services.imports.profiles.all(),
        most_mb=MOST_BYTES // 1_000_000,
    )


@router.post("/customers/import")
def compare(
    request: Request, services: S, actor: Admin, file: Annotated[UploadFile, File()]
) -> Response:
    """Say what a new book would change; nothing is applied."""
    raw = file.file.read()
    if not raw:
        return _page(request, services, 422, unreadable="The file is empty.")
    name = file.filename or "the uploaded file"
    try:
        found = services.bookkeeping.compare(raw)
    except BookError as error:
        return _page(request, services, 422, unreadable=error.for_people, name=name)
    return _page(request, services, found=found, name=name)


class ApplyForm(BaseModel):
    """Which comparison is applied."""

    token: Annotated[str, Field(max_length=64)]
    based_on: Annotated[str, Field(max_length=64)] = ""
    removed: Annotated[int, Field(ge=0)] = 0
    many: bool = False
    confirm: Annotated[str, Field(max_length=20)] = ""


@router.post("/customers/import/apply")
def apply(services: S, actor: Admin, form: Annotated[ApplyForm, Form()]) -> Response:
    """Put the compared file in the book's place."""
    to = "/customers/import"
    if form.many and form.confirm != str(form.removed):
        told = f"Type {form.removed} to confirm that many customers go."
        return see(to, services, Notice(text=told, failed=True))
    try:
        customers = services.bookkeeping.apply(form.token, form.based_on, actor)
    except (BookError, NotFound) as error:
        return see(to, services, Notice(text=error.for_people, failed=True))
    said = f"The customer book is replaced. It has {plural(customers, 'customer')}."
    return see("/customers", services, Notice(text=said))


@router.post("/customers/import/reload")
def reload(services: S, actor: Admin) -> Response:
    """Read the book file again if it changed."""
    changed = services.book.refresh()
    if services.book.trouble:
        told = Notice(text=services.book.trouble, failed=True)
    else:
        told = Notice(text="Read again" if changed else "No change")
    return see("/customers/import", services, told)
