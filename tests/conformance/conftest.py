"""The same suite on every database: SQLite always, PostgreSQL where one is named."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from structlog.testing import capture_logs
from tests.support.sending import sqlite_store

from campaigns.store import SqlStore
from campaigns.store.database import postgres_engine

POSTGRES = "CAMPAIGNS_TEST_DATABASE_URL"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Keep expected errors out of the output; drawing their tracebacks takes longer than a test."""
    with capture_logs():
        yield


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


def _postgres_store(url: str, name: str) -> Iterator[SqlStore]:
    """Give each test worker a database of its own, empty for each test.

    A schema would not do: the engine keeps its own tables in one named "dbos".
    """
    maker = postgres_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    with maker.connect() as connection:
        if not connection.scalar(
            text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}
        ):
            connection.execute(text(f"CREATE DATABASE {name}"))
    maker.dispose()
    store = SqlStore(
        postgres_engine(make_url(url).set(database=name).render_as_string(hide_password=False))
    )
    with store.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS dbos CASCADE"))
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    store.create()
    yield store
    store.engine.dispose()
