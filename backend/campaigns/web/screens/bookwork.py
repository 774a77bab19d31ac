"""Looking after the customer book: what is wrong with it, what was changed, two entries made one."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from campaigns.book.diagnose import meaning
from campaigns.book.edits.merge import readable
from campaigns.book.edits.tidy import SAFE
from campaigns.model.access import Actor, Scope
from campaigns.model.change import Change, ChangeStatus, Hunk
from campaigns.model.errors import CampaignError
from campaigns.model.ids import CustomerId
from campaigns.model.wording import plural
from campaigns.web.deps import Composer, Reader, S
from campaigns.web.notices import Notice, Undo, see
from campaigns.web.render import page
from campaigns.web.route import PageRoute
from campaigns.web.security import local_path

router = APIRouter(include_in_schema=False, route_class=PageRoute)
CHANGES = 50
BOOK = "/customers/book"
Digest = Annotated[str, Form(max_length=64)]


@router.get(BOOK)
def book(request: Request, services: S, actor: Reader) -> Response:
    """Show what is wrong with the book by kind, and what was changed in it."""
    summary = services.book.summary(services.clock.today())
    changes, _ = services.editing.changes("", CHANGES)
    return page(
        request,
        "book.html",
        book_name=services.book.path.name,
        remarks=summary.remarks,
        meanings={r.code: meaning(r.code) for r in summary.remarks},
        safe=sum(r.count for r in summary.remarks if r.code in SAFE),
        changes=changes,
        names=services.desk.called({c.subject for c in changes}),
        lines=lambda change: _shown(change.hunks, actor),
        stands=_stands,
        may_edit=actor.allows(Scope.COMPOSE),
    )


def _stands(change: Change) -> bool:
    """Whether a change can be taken back."""
    return change.status is ChangeStatus.DONE and change.undoes is None


def _shown(hunks: Sequence[Hunk], actor: Actor) -> list[Hunk]:
    """Return changed lines; private ones only to those who may read them."""
    return [h for h in hunks if actor.allows(Scope.NOTES) or not h.private]


@router.post("/customers/book/tidy")
def tidy(services: S, actor: Composer) -> Response:
    """Put right what can be put right safely."""
    change = services.editing.tidy(actor)
    if change is None:
        return see(BOOK, services, Notice(text="There was nothing to put right"))
    lines = sum(len(h.before) for h in change.hunks)
    return see(BOOK, services, _done(change, f"{plural(lines, 'line')} put right in the book"))


@router.post("/customers/book/undo")
def undo(
    services: S,
    actor: Composer,
    change: Annotated[str, Form(max_length=60)] = "",
    back: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """Take a change of the book back."""
    to = local_path(back or BOOK)
    try:
        services.editing.undo(actor, change or None)
    except CampaignError as error:
        return see(to, services, Notice(text=error.for_people, failed=True))
    return see(to, services, Notice(text="The change is taken back"))


@router.get("/customers/{customer_id}/merge/{other}")
def preview(
    customer_id: CustomerId, other: CustomerId, request: Request, services: S, actor: Composer
) -> Response:
    """Show what making two entries one would change; nothing is written."""
    digest = services.book.digest
    shown = services.editing.merge(customer_id, other, actor, digest, dry_run=True)
    keeps, goes = (services.customers.get(i)[0] for i in (customer_id, other))
    hunks = _shown(shown.hunks, actor)
    return page(
        request,
        "merge.html",
        keeps=keeps,
        goes=goes,
        hunks=hunks,
        hidden=len(shown.hunks) - len(hunks),
        conflicts=readable(shown.conflicts, private=actor.allows(Scope.NOTES)),
        digest=digest,
    )


@router.post("/customers/{customer_id}/merge/{other}")
def merge(
    customer_id: CustomerId,
    other: CustomerId,
    services: S,
    actor: Composer,
    digest: Digest = "",
    contradicting: Annotated[bool, Form()] = False,
) -> Response:
    """Make two entries one, exactly as shown."""
    try:
        done = services.editing.merge(
            customer_id, other, actor, digest or None, contradicting=contradicting
        )
    except CampaignError as error:
        to = f"/customers/{customer_id}/merge/{other}"
        return see(to, services, Notice(text=error.for_people, failed=True))
    to = f"/customers/{customer_id}"
    return see(to, services, _done(done.change, "The two entries are one now"))


def _done(change: Change | None, said: str) -> Notice:
    back = Undo(action="/customers/book/undo", fields={"change": change.id}) if change else None
    return Notice(text=said, undo=back)
