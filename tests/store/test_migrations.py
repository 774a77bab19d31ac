"""The revisions make exactly the tables that `store/tables.py` describes."""

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event

from campaigns.store import SqlStore, migrations
from campaigns.store.database import sqlite_engine, writing
from campaigns.store.tables import metadata


def grown(path: Path, revision: str = "head") -> Engine:
    engine = sqlite_engine(path)
    with writing(engine) as connection:
        migrations.grow(connection, revision)
    return engine


def schema(engine: Engine) -> dict[str, list[str]]:
    """Return what stands in the database by name; a table's columns in any order."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql != ''")
        bare = {name: re.sub(r"\s+", " ", sql.replace('"', "")) for name, sql in rows}
    return {
        name: sorted(part.strip(" ()") for part in re.split(r",(?![^(]*\))|(?<=\w) \(", sql))
        for name, sql in bare.items()
    }


def test_a_database_that_grew_has_exactly_the_tables_described(tmp_path: Path) -> None:
    engine = grown(tmp_path / "grown.db")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_new_database_is_the_same_as_one_that_grew(tmp_path: Path) -> None:
    old = grown(tmp_path / "grown.db")
    new = SqlStore(sqlite_engine(tmp_path / "new.db"))
    assert new.create() is True
    assert migrations.revision(new.engine) == migrations.revision(old) == migrations.HEAD
    assert schema(new.engine) == schema(old)
    for engine in (old, new.engine):
        engine.dispose()


def test_a_second_start_finds_nothing_to_do(tmp_path: Path) -> None:
    store = SqlStore(sqlite_engine(tmp_path / "new.db"))
    store.create()
    assert store.create() is False
    store.engine.dispose()


def test_the_newest_revision_is_the_one_a_start_looks_for() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert scripts.get_current_head() == migrations.HEAD


@pytest.mark.parametrize("before", ["", "0004"], ids=["new", "old"])
def test_a_start_cut_short_leaves_what_was_there(tmp_path: Path, before: str) -> None:
    store = SqlStore(sqlite_engine(tmp_path / "new.db"))
    if before:
        grown(tmp_path / "new.db", before).dispose()
    was = schema(store.engine)

    def fail(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if re.match("(INSERT INTO|UPDATE) alembic_version", statement):
            raise RuntimeError("the machine stopped")

    event.listen(store.engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError):
        store.create()
    event.remove(store.engine, "before_cursor_execute", fail)
    assert schema(store.engine) == was
    assert store.create() is True
    store.engine.dispose()
