"""The audit trail: no entry can be changed, removed or put in between unseen."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from campaigns.model.audit import AuditEntry, first_break
from campaigns.store import SqlStore
from campaigns.store.database import sqlite_engine

NOW = datetime(2025, 9, 15, 3, tzinfo=UTC)


@pytest.fixture
def entries() -> list[AuditEntry]:
    store = SqlStore(sqlite_engine(None))
    store.create()
    with store.begin() as tx:
        for n in range(5):
            tx.audit.add(NOW, "Ploy", "campaign.created", f"campaign:c_{n}", {"ครั้งที่": n})
        found = list(tx.audit.from_start())
    store.engine.dispose()
    return found


def test_an_untouched_trail_holds(entries: list[AuditEntry]) -> None:
    assert [e.seq for e in entries] == [1, 2, 3, 4, 5]
    assert first_break(entries) is None


@pytest.mark.parametrize(
    "change",
    [{"actor": "Nok"}, {"detail": {"n": 9}}, {"action": "x"}, {"subject": "y"}, {"hash": "0" * 64}],
)
def test_a_changed_entry_breaks_it(entries: list[AuditEntry], change: dict[str, object]) -> None:
    entries[2] = replace(entries[2], **change)
    assert first_break(entries) == 3


def test_a_removed_entry_breaks_it(entries: list[AuditEntry]) -> None:
    del entries[1]
    assert first_break(entries) == 2


def test_a_repeated_entry_breaks_it(entries: list[AuditEntry]) -> None:
    entries.insert(2, entries[2])
    assert first_break(entries) == 4
