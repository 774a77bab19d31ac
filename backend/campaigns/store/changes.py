"""What the house did to the book file, and where imported values came from."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, tuple_, update

from campaigns.model.change import Change, ChangeStatus, Origin
from campaigns.model.ids import CustomerId
from campaigns.store import book_tables as b
from campaigns.store.codec import dump, load
from campaigns.store.entry_rows import batches, insert_all
from campaigns.store.paging import next_cursor


class ChangeRows:
    """`model.ports.Changes` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def add(self, change: Change) -> None:
        """Store a change that is about to be made."""
        self._c.execute(
            insert(b.changes).values(
                id=change.id,
                at=change.at,
                actor=change.actor,
                action=change.action,
                subject=change.subject,
                status=change.status.value,
                before=change.before,
                after=change.after,
                record=dump(change),
            )
        )

    def settle(self, change_id: str, old: ChangeStatus, new: ChangeStatus) -> bool:
        """Set `new` when the status is `old`; return whether it was."""
        done = self._c.execute(
            update(b.changes)
            .where(b.changes.c.id == change_id, b.changes.c.status == old.value)
            .values(status=new.value)
        )
        return done.rowcount == 1

    def get(self, change_id: str) -> Change | None:
        """Return one change."""
        row = self._c.execute(select(b.changes).where(b.changes.c.id == change_id)).first()
        return _change(row) if row else None

    def begun(self) -> Sequence[Change]:
        """Return the changes that were begun and never settled, oldest first."""
        rows = self._c.execute(
            select(b.changes)
            .where(b.changes.c.status == ChangeStatus.BEGUN.value)
            .order_by(b.changes.c.id)
        )
        return [_change(r) for r in rows]

    def page(self, cursor: str, limit: int) -> tuple[Sequence[Change], str | None]:
        """Return a page of changes, newest first."""
        query = select(b.changes).order_by(b.changes.c.id.desc()).limit(limit + 1)
        if cursor:
            query = query.where(b.changes.c.id < cursor)
        rows = self._c.execute(query).all()
        return [_change(r) for r in rows[:limit]], next_cursor(rows, limit, lambda r: str(r.id))

    def last_done(self) -> Change | None:
        """Return the newest change that stands and takes none back."""
        rows = self._c.execute(
            select(b.changes)
            .where(b.changes.c.status == ChangeStatus.DONE.value)
            .order_by(b.changes.c.id.desc())
            .execution_options(yield_per=20)
        )
        return next((c for c in map(_change, rows) if c.undoes is None), None)

    def remember(self, origins: Iterable[Origin]) -> None:
        """Store where values came from, in place of what was known of the same fields."""
        for batch in batches(origins):
            keys = [(o.customer_id, o.field) for o in batch]
            self._c.execute(
                delete(b.origins).where(
                    tuple_(b.origins.c.customer_id, b.origins.c.field).in_(keys)
                )
            )
            insert_all(
                self._c,
                b.origins,
                (
                    {
                        "customer_id": o.customer_id,
                        "field": o.field,
                        "value": o.value,
                        "source": o.source,
                        "at": o.at,
                    }
                    for o in batch
                ),
            )

    def origins(self, customer_id: CustomerId) -> Sequence[Origin]:
        """Return where a customer's values came from, as far as they were imported."""
        rows = self._c.execute(
            select(b.origins)
            .where(b.origins.c.customer_id == customer_id)
            .order_by(b.origins.c.field)
        )
        return [
            Origin(
                customer_id=CustomerId(r.customer_id),
                field=r.field,
                value=r.value,
                source=r.source,
                at=r.at,
            )
            for r in rows
        ]


def _change(row: Row[Any]) -> Change:
    """Read a change; its status is the column's, which is what moves."""
    return replace(load(Change, row.record), status=ChangeStatus(row.status))
