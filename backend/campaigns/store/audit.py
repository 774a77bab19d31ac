"""The audit trail as rows; nothing here updates or deletes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text

from campaigns.model.audit import GENESIS, AuditEntry, entry_hash
from campaigns.store import tables as t
from campaigns.store.paging import next_cursor


class AuditRows:
    """`model.ports.Audit` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def add(
        self, at: datetime, actor: str, action: str, subject: str, detail: Mapping[str, object]
    ) -> AuditEntry:
        """Append an entry, chained to the last one."""
        if self._c.dialect.name == "postgresql":  # SQLite has one writer by nature
            self._c.execute(text("LOCK TABLE audit IN EXCLUSIVE MODE"))
        last = self._c.execute(
            select(t.audit.c.seq, t.audit.c.hash).order_by(t.audit.c.seq.desc()).limit(1)
        ).first()
        seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
        digest = entry_hash(
            seq=seq,
            at=at,
            actor=actor,
            action=action,
            subject=subject,
            detail=detail,
            previous=previous,
        )
        entry = AuditEntry(
            seq=seq,
            at=at,
            actor=actor,
            action=action,
            subject=subject,
            detail=detail,
            previous=previous,
            hash=digest,
        )
        self._c.execute(
            insert(t.audit).values(
                seq=seq,
                at=at,
                actor=actor,
                action=action,
                subject=subject,
                detail=dict(detail),
                previous=previous,
                hash=digest,
            )
        )
        return entry

    def page(
        self, cursor: str, limit: int, subject: str = ""
    ) -> tuple[Sequence[AuditEntry], str | None]:
        """Return a page, newest first."""
        query = select(t.audit).order_by(t.audit.c.seq.desc()).limit(limit + 1)
        if cursor.isdecimal():
            query = query.where(t.audit.c.seq < int(cursor))
        if subject:
            query = query.where(t.audit.c.subject == subject)
        rows = self._c.execute(query).all()
        return [entry(r) for r in rows[:limit]], next_cursor(rows, limit, lambda r: str(r.seq))

    def from_start(self) -> Iterable[AuditEntry]:
        """Return every entry, oldest first."""
        return [entry(r) for r in self._c.execute(select(t.audit).order_by(t.audit.c.seq))]


def entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        seq=row.seq,
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        detail=row.detail,
        previous=row.previous,
        hash=row.hash,
    )
