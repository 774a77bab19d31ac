"""A database is copied whole or not at all, and only one of the two is worked on."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Engine, insert, select
from tests.support.databases import postgres_store, postgres_url
from tests.support.sending import NOON, sqlite_store

from campaigns.model.errors import DatabaseRefused
from campaigns.store import SqlStore, migrations, standing
from campaigns.store import tables as t
from campaigns.store.copying import AT_ONCE, copy

VALUES = {
    "str": "คำ 'quoted' \\ x",
    "int": 7,
    "bool": True,
    "float": 0.25,
    "Decimal": Decimal("9000.5000"),
    "bytes": b"\x00\xff",
    "date": date(2025, 10, 20),
    "datetime": NOON,
    "object": {"text": "สวัสดี", "list": [1, None], "nested": {"a": True}},
}


def value_for(column: Column[Any]) -> object:
    if column.foreign_keys:
        return value_for(next(iter(column.foreign_keys)).column)
    kind = "datetime" if "Instant" in repr(column.type) else column.type.python_type.__name__
    value = VALUES[kind]
    length = getattr(column.type, "length", None)
    return value[:length] if isinstance(value, str) and length else value


def fill(engine: Engine) -> None:
    """Put a row into every table there is."""
    with engine.begin() as c:
        for table in t.metadata.sorted_tables:
            c.execute(insert(table).values({col.name: value_for(col) for col in table.columns}))


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as c:
        return {
            table.name: [tuple(row) for row in c.execute(select(table))]
            for table in t.metadata.sorted_tables
            if table.name != "meta"
        }


@pytest.fixture
def old(tmp_path: Path) -> Iterator[SqlStore]:
    store = sqlite_store(tmp_path / "old.db")
    yield store
    store.engine.dispose()


@pytest.fixture
def new(tmp_path: Path) -> Iterator[SqlStore]:
    store = sqlite_store(tmp_path / "new.db")
    yield store
    store.engine.dispose()


def test_a_row_of_every_table_is_the_same_on_postgresql_and_back(
    old: SqlStore, new: SqlStore, worker_id: str
) -> None:
    fill(old.engine)
    with postgres_store(postgres_url(), f"copy_{worker_id}") as between:
        copy(old.engine, between.engine, "PostgreSQL", lambda _: None)
        assert rows(between.engine) == rows(old.engine)
        # Numbers that the database hands out go on behind the copied ones.
        with between.begin() as tx:
            tx.people.failed("nobody@hotel.example", NOON)
        copy(between.engine, new.engine, "SQLite", lambda _: None)
        assert rows(new.engine) == rows(between.engine)


def test_every_table_is_counted_and_told(old: SqlStore, new: SqlStore) -> None:
    fill(old.engine)
    told = []
    done = copy(old.engine, new.engine, "new", told.append)
    assert list(done) == told
    assert {one.table for one in done} == {table.name for table in t.metadata.sorted_tables}
    assert all(one.rows == 1 for one in done)


def test_more_rows_than_are_copied_at_once_all_arrive(old: SqlStore, new: SqlStore) -> None:
    with old.begin() as tx:
        for n in range(2 * AT_ONCE + 1):
            tx.audit.add(NOON, "Anna", "test", f"row:{n}", {"n": n})
    copy(old.engine, new.engine, "new", lambda _: None)
    with new.read() as tx:
        assert len(list(tx.audit.from_start())) == 2 * AT_ONCE + 1


def test_a_copied_database_is_not_worked_on_until_it_is_reinstated(
    old: SqlStore, new: SqlStore
) -> None:
    copy(old.engine, new.engine, "the new one", lambda _: None)
    with old.begin() as tx:
        with pytest.raises(DatabaseRefused, match="copied to the new one"):
            standing.require_in_service(tx.connection)
        assert standing.reinstate(tx.connection)
        standing.require_in_service(tx.connection)
    with new.read() as tx:
        standing.require_in_service(tx.connection)


def test_a_copy_cut_short_after_its_mark_can_be_made_again(old: SqlStore, new: SqlStore) -> None:
    fill(old.engine)
    with old.begin() as tx:
        standing.retire(tx.connection, "new")
    copy(old.engine, new.engine, "new", lambda _: None)
    with new.read() as tx:
        standing.require_in_service(tx.connection)


def test_a_target_with_rows_is_refused_and_left_alone(old: SqlStore, new: SqlStore) -> None:
    fill(new.engine)
    before = rows(new.engine)
    with pytest.raises(DatabaseRefused, match="not empty"):
        copy(old.engine, new.engine, "new", lambda _: None)
    assert rows(new.engine) == before
    with old.read() as tx:
        standing.require_in_service(tx.connection)


def test_a_target_that_only_knows_the_customer_book_counts_as_empty(
    old: SqlStore, new: SqlStore
) -> None:
    with new.begin() as tx:
        tx.customers.came_from("digest of another day")
    copy(old.engine, new.engine, "new", lambda _: None)
    with new.read() as tx:
        assert tx.customers.digest() is None


def test_a_source_of_another_revision_is_refused(old: SqlStore, new: SqlStore) -> None:
    with old.engine.begin() as c:
        c.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
    with pytest.raises(DatabaseRefused, match=f"0003.*{migrations.HEAD}.*db upgrade"):
        copy(old.engine, new.engine, "new", lambda _: None)


def test_a_row_that_does_not_fit_names_its_table_and_nothing_is_copied(
    old: SqlStore, worker_id: str
) -> None:
    fill(old.engine)
    with old.engine.begin() as c:
        c.execute(t.consents.update().values(address="x" * 400))  # SQLite takes any length
    with postgres_store(postgres_url(), f"copy_{worker_id}") as new:
        with pytest.raises(DatabaseRefused, match="consents does not fit"):
            copy(old.engine, new.engine, "new", lambda _: None)
        assert not any(rows(new.engine).values())
    with old.read() as tx:
        standing.require_in_service(tx.connection)
