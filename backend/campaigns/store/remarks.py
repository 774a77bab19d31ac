"""What is wrong with the customer book, as said when it was last read."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, func, or_, select

from campaigns.model.ids import CustomerId
from campaigns.model.record import Diagnostic, DuplicateSuspicion, Severity
from campaigns.store import book_tables as b
from campaigns.store.entry_rows import batches, diagnostic, insert_all, remark_row


class RemarkRows:
    """`model.ports.Remarks` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def say(
        self,
        compared: Mapping[CustomerId, Sequence[Diagnostic]],
        suspicions: Iterable[DuplicateSuspicion],
        outside: Iterable[Diagnostic],
    ) -> None:
        """Store what comparing entries says and what is said outside them, in place of before."""
        self._c.execute(
            delete(b.remarks).where(b.remarks.c.compared.is_(True) | b.remarks.c.entry_id.is_(None))
        )
        self._c.execute(delete(b.suspicions))
        lines = self._lines(compared)
        for batch in batches(compared.items()):
            insert_all(
                self._c,
                b.remarks,
                (
                    remark_row(d, i, d.line - lines[i], compared=True)
                    for i, found in batch
                    for d in found
                ),
            )
        insert_all(
            self._c, b.remarks, (remark_row(d, None, d.line, compared=False) for d in outside)
        )
        rows = ({"first": s.first, "second": s.second, "why": s.why} for s in suspicions)
        insert_all(self._c, b.suspicions, rows)

    def _lines(self, ids: Iterable[CustomerId]) -> Mapping[CustomerId, int]:
        found: dict[CustomerId, int] = {}
        for batch in batches(ids):
            rows = self._c.execute(
                select(b.entries.c.id, b.entries.c.line).where(b.entries.c.id.in_(batch))
            )
            found |= {CustomerId(i): line for i, line in rows}
        return found

    def counts(self) -> Mapping[str, tuple[int, int]]:
        """Return, for each code, how often it was said and in which line first."""
        line = func.coalesce(b.entries.c.line, 0) + b.remarks.c.below
        rows = self._c.execute(
            select(b.remarks.c.code, func.count(), func.min(line))
            .select_from(b.remarks.outerjoin(b.entries, b.entries.c.id == b.remarks.c.entry_id))
            .group_by(b.remarks.c.code)
        )
        return {code: (count, first) for code, count, first in rows}

    def page(
        self,
        first: int,
        limit: int,
        *,
        code: str | None = None,
        severities: Iterable[Severity] = tuple(Severity),
        entry_id: CustomerId | None = None,
    ) -> Sequence[Diagnostic]:
        """Return remarks by their line, from the `first`-th on."""
        line = (func.coalesce(b.entries.c.line, 0) + b.remarks.c.below).label("line")
        query = (
            select(b.remarks, line)
            .select_from(b.remarks.outerjoin(b.entries, b.entries.c.id == b.remarks.c.entry_id))
            .where(b.remarks.c.severity.in_([s.value for s in severities]))
            .order_by(line, b.remarks.c.code, b.remarks.c.id)
            .offset(first)
            .limit(limit)
        )
        if code is not None:
            query = query.where(b.remarks.c.code == code)
        if entry_id is not None:
            query = query.where(b.remarks.c.entry_id == entry_id)
        return [diagnostic(r) for r in self._c.execute(query)]

    def tally(
        self, ids: Sequence[CustomerId], severities: Iterable[Severity]
    ) -> Mapping[CustomerId, int]:
        """Return how many remarks of some severities are about each of these entries."""
        rows = self._c.execute(
            select(b.remarks.c.entry_id, func.count())
            .where(
                b.remarks.c.entry_id.in_(ids),
                b.remarks.c.severity.in_([s.value for s in severities]),
            )
            .group_by(b.remarks.c.entry_id)
        )
        return {CustomerId(i): n for i, n in rows}

    def suspicions(self, entry_id: CustomerId | None = None) -> Sequence[DuplicateSuspicion]:
        """Return the customers that may be one, of all or with this one, in the book's order."""
        query = (
            select(b.suspicions)
            .join(b.entries, b.entries.c.id == b.suspicions.c.first)
            .order_by(b.entries.c.position, b.suspicions.c.second)
        )
        if entry_id is not None:
            pair = (b.suspicions.c.first, b.suspicions.c.second)
            query = query.where(or_(*(one == entry_id for one in pair)))
        rows = self._c.execute(query)
        return [DuplicateSuspicion(first=r.first, second=r.second, why=r.why) for r in rows]
