"""Automations, their runs, and whom they proposed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from campaigns.model.automation import Automation, Proposal, Run
from campaigns.model.ids import AutomationId, CustomerId
from campaigns.store import automation_tables as t
from campaigns.store.codec import dump, load
from campaigns.store.paging import next_cursor

AT_ONCE = 500  # ids in one statement, below every database's limit


class AutomationRows:
    """`model.ports.Automations` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def add(self, automation: Automation) -> None:
        """Store a new automation."""
        self._c.execute(insert(t.automations).values(id=automation.id, **_columns(automation)))

    def get(self, automation_id: AutomationId) -> Automation | None:
        """Return one automation."""
        row = self._c.execute(
            select(t.automations).where(t.automations.c.id == automation_id)
        ).first()
        return _automation(row) if row else None

    def page(self, cursor: str, limit: int) -> tuple[Sequence[Automation], str | None]:
        """Return a page, newest first."""
        query = select(t.automations).order_by(t.automations.c.id.desc()).limit(limit + 1)
        if cursor:
            query = query.where(t.automations.c.id < cursor)
        rows = self._c.execute(query).all()
        return [_automation(r) for r in rows[:limit]], next_cursor(rows, limit, lambda r: str(r.id))

    def active(self) -> Sequence[Automation]:
        """Return every automation that is on, the one that waited longest first."""
        rows = self._c.execute(
            select(t.automations)
            .where(t.automations.c.active.is_(True))
            .order_by(t.automations.c.due_after, t.automations.c.id)
        )
        return [_automation(r) for r in rows]

    def save(self, automation: Automation) -> bool:
        """Store every field as the next revision when the stored one is the one it was read at."""
        done = self._c.execute(
            update(t.automations)
            .where(
                t.automations.c.id == automation.id,
                t.automations.c.revision == automation.revision,
            )
            .values(**_columns(replace(automation, revision=automation.revision + 1)))
        )
        return done.rowcount == 1

    def remove(self, automation_id: AutomationId) -> bool:
        """Remove an automation with its runs; False when there is none."""
        gone = self._c.execute(delete(t.automations).where(t.automations.c.id == automation_id))
        return gone.rowcount == 1

    def add_run(self, run: Run) -> None:
        """Store a run; a second one of the same due time is refused by the table's key."""
        self._c.execute(
            insert(t.automation_runs).values(
                automation_id=run.automation_id, due_at=run.due_at, id=run.id, record=dump(run)
            )
        )

    def runs(
        self, automation_id: AutomationId, cursor: str, limit: int
    ) -> tuple[Sequence[Run], str | None]:
        """Return a page of an automation's runs, newest first."""
        runs = t.automation_runs
        query = select(runs).where(runs.c.automation_id == automation_id)
        if cursor:
            query = query.where(runs.c.id < cursor)
        rows = self._c.execute(query.order_by(runs.c.id.desc()).limit(limit + 1)).all()
        return [load(Run, r.record) for r in rows[:limit]], next_cursor(
            rows, limit, lambda r: str(r.id)
        )

    def latest_runs(self, ids: Sequence[AutomationId]) -> Mapping[AutomationId, Run]:
        """Return the latest run of each of these automations that has one."""
        runs = t.automation_runs
        newest = (
            select(func.max(runs.c.id))
            .where(runs.c.automation_id.in_(ids))
            .group_by(runs.c.automation_id)
        )
        rows = self._c.scalars(select(runs.c.record).where(runs.c.id.in_(newest)))
        return {run.automation_id: run for run in (load(Run, record) for record in rows)}

    def proposed(self, automation_id: AutomationId) -> Mapping[CustomerId, Proposal]:
        """Return the latest proposal of every customer the automation ever proposed."""
        rows = self._c.execute(
            select(t.proposals).where(t.proposals.c.automation_id == automation_id)
        )
        return {
            CustomerId(r.customer_id): Proposal(
                customer_id=CustomerId(r.customer_id), contract_end=r.contract_end, at=r.at
            )
            for r in rows
        }

    def propose(self, automation_id: AutomationId, proposals: Sequence[Proposal]) -> None:
        """Remember whom a run proposed, in place of what was known of the same customers."""
        ids = [p.customer_id for p in proposals]
        for first in range(0, len(ids), AT_ONCE):
            self._c.execute(
                delete(t.proposals).where(
                    t.proposals.c.automation_id == automation_id,
                    t.proposals.c.customer_id.in_(ids[first : first + AT_ONCE]),
                )
            )
        self._c.execute(
            insert(t.proposals),
            [
                {
                    "automation_id": automation_id,
                    "customer_id": p.customer_id,
                    "contract_end": p.contract_end,
                    "at": p.at,
                }
                for p in proposals
            ],
        )


def _columns(automation: Automation) -> dict[str, object]:
    return {
        "active": automation.active,
        "revision": automation.revision,
        "due_after": automation.due_after,
        "record": dump(automation),
    }


def _automation(row: Row[Any]) -> Automation:
    """Read an automation; the columns win over the record."""
    return replace(
        load(Automation, row.record),
        active=row.active,
        revision=row.revision,
        due_after=row.due_after,
    )
