"""The same suite on every database: SQLite always, PostgreSQL where one is named."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.support.sending import sqlite_store

from campaigns.store import SqlStore
from campaigns.store import tables as t
from campaigns.store.database import postgres_engine

POSTGRES = "CAMPAIGNS_TEST_DATABASE_URL"


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[SqlStore]:
    if request.param == "sqlite":
        sqlite = sqlite_store(tmp_path / "campaigns.db")
        yield sqlite
        sqlite.engine.dispose()
        return
    url = os.environ.get(POSTGRES)
    if not url:
        pytest.skip(f"{POSTGRES} names no PostgreSQL")
    yield from _postgres_store(url, f"conformance_{worker_id}")


def address_for_processes(store: SqlStore) -> str:
    """Return the URL with which another process opens the same database."""
    return store.engine.url.render_as_string(hide_password=False)


def _postgres_store(url: str, schema: str) -> Iterator[SqlStore]:
    """Give each test worker a schema of its own, empty for each test."""
    maker = postgres_engine(url)
    with maker.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
    maker.dispose()
    joint = "&" if "?" in url else "?"
    store = SqlStore(postgres_engine(f"{url}{joint}options=-csearch_path%3D{schema}"))
    t.metadata.drop_all(store.engine)
    store.create()
    yield store
    store.engine.dispose()
