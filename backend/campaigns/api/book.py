"""The customer book over HTTP: what is wrong with it, and putting it right."""

from typing import Annotated

from fastapi import APIRouter, Query

from campaigns.api import book_models, book_shapes
from campaigns.api.deps import Composer, Cursor, Limit, Reader, S
from campaigns.api.idempotency import IdempotentRoute
from campaigns.api.problems import responses
from campaigns.book import summary
from campaigns.book.edits.merge import readable
from campaigns.book.edits.people import Person
from campaigns.model.access import Actor, Scope
from campaigns.model.change import Change
from campaigns.model.errors import EditRefused
from campaigns.model.ids import CustomerId

router = APIRouter(prefix="/api", route_class=IdempotentRoute, tags=["book"])


@router.get("/book/diagnostics", responses=responses(503))
def diagnostics(
    services: S,
    actor: Reader,
    limit: Annotated[int, Query(ge=0, le=10_000)] = 500,
    days: Annotated[int, Query(ge=0, le=3_650)] = summary.SOON,
) -> book_shapes.DiagnosticsOut:
    """Say what is wrong with the customer book, and what to do first."""
    found = services.book.summary(services.clock.today(), days)
    return book_shapes.diagnostics(found, services.book.remarks(0, limit), services.book.digest)


@router.post("/book/fix", responses=responses(409, 503))
def fix(services: S, actor: Composer, body: book_models.FixIn) -> book_shapes.TidyOut:
    """Put right what is safe: spaces at line ends, entities, doubled separators."""
    change = services.editing.tidy(actor, body.expected)
    if change is None:
        return book_shapes.TidyOut(lines=0, change=None)
    lines = sum(len(h.before) for h in change.hunks)
    return book_shapes.TidyOut(lines=lines, change=_told(change, actor))


@router.patch("/customers/{customer_id}", responses=responses(404, 409, 503))
def change_customer(
    customer_id: CustomerId, body: book_models.EntryIn, services: S, actor: Composer
) -> book_shapes.ChangeOut:
    """Set values of an entry, accept an inferred one, or say whether it is a customer.

    Exactly one of `fields`, `accept` and `is_customer` is given; each changes its own lines of
    the book file and no other byte.
    """
    editing = services.editing
    match body:
        case book_models.EntryIn(fields={} as fields, accept=None, is_customer=None):
            change = editing.set_values(customer_id, fields, actor, body.expected)
        case book_models.EntryIn(fields=None, accept=str() as field, is_customer=None):
            change = editing.accept(customer_id, field, actor, body.expected)
        case book_models.EntryIn(fields=None, accept=None, is_customer=bool() as said):
            change = editing.mark(customer_id, actor, body.expected, is_customer=said)
        case _:
            raise EditRefused("Give exactly one of `fields`, `accept` and `is_customer`.")
    return _told(change, actor)


@router.put("/customers/{customer_id}/contacts", responses=responses(404, 409, 503))
def put_contact(
    customer_id: CustomerId, body: book_models.ContactIn, services: S, actor: Composer
) -> book_shapes.ChangeOut:
    """Add a contact to a customer, or change the one of that role and name."""
    person = Person(role=body.role, name=body.name, lines=body.lines(), replaces=body.replaces)
    change = services.editing.put_contact(customer_id, person, actor, body.expected)
    return _told(change, actor)


@router.post("/customers/{customer_id}/merge", responses=responses(404, 409, 503))
def merge(
    customer_id: CustomerId, body: book_models.MergeIn, services: S, actor: Composer
) -> book_shapes.MergeOut:
    """Merge another entry into this one; `dry_run` only shows what that would change."""
    done = services.editing.merge(
        customer_id,
        CustomerId(body.other),
        actor,
        body.expected,
        dry_run=body.dry_run,
        contradicting=body.contradicting,
    )
    private = actor.allows(Scope.NOTES)
    return book_shapes.MergeOut(
        change=_told(done.change, actor) if done.change else None,
        hunks=book_shapes.hunks(done.hunks, private=private),
        conflicts=[
            book_shapes.ConflictOut(field=c.field, kept=c.kept, noted=c.noted)
            for c in readable(done.conflicts, private=private)
        ],
    )


@router.get("/book/changes", responses=responses())
def changes(
    services: S, actor: Reader, cursor: Cursor = "", limit: Limit = 50
) -> book_shapes.ChangesOut:
    """List what was changed in the book file, newest first."""
    found, following = services.editing.changes(cursor, limit)
    told = [_told(c, actor) for c in found]
    return book_shapes.ChangesOut(changes=told, next_cursor=following)


@router.post("/book/changes/{change_id}/undo", responses=responses(404, 409, 503))
def undo(change_id: str, services: S, actor: Composer) -> book_shapes.ChangeOut:
    """Take a change back; `last` is the last one that stands."""
    wanted = None if change_id == "last" else change_id
    return _told(services.editing.undo(actor, wanted), actor)


def _told(change: Change, actor: Actor) -> book_shapes.ChangeOut:
    return book_shapes.change(change, private=actor.allows(Scope.NOTES))
