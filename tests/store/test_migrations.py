"""The revisions make exactly the tables that `store/tables.py` describes."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from campaigns.store import SqlStore, migrations
from campaigns.store.database import sqlite_engine
from campaigns.store.tables import metadata


def test_an_upgraded_database_has_exactly_the_tables_described(tmp_path: Path) -> None:
    store = SqlStore(sqlite_engine(tmp_path / "new.db"))
    assert store.create() is True
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    store.engine.dispose()


def test_a_second_start_finds_nothing_to_do(tmp_path: Path) -> None:
    store = SqlStore(sqlite_engine(tmp_path / "new.db"))
    store.create()
    assert store.create() is False
    store.engine.dispose()


def test_the_newest_revision_is_the_one_a_start_looks_for() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert scripts.get_current_head() == migrations.HEAD


def test_an_upgrade_cut_short_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqlStore(sqlite_engine(tmp_path / "new.db"))

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the machine stopped")

    monkeypatch.setattr("alembic.operations.base.BatchOperations.create_index", fail)
    with pytest.raises(RuntimeError):
        store.create()
    monkeypatch.undo()
    assert store.create() is True
    store.engine.dispose()
