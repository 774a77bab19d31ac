"""The same suite on every database: SQLite always, PostgreSQL where one is named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from tests.support.databases import postgres_store, postgres_url
from tests.support.sending import sqlite_store

from campaigns.store import SqlStore


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
    with postgres_store(postgres_url(), f"conformance_{worker_id}") as postgres:
        yield postgres


def address_for_processes(store: SqlStore) -> str:
    """Return the URL with which another process opens the same database."""
    return store.engine.url.render_as_string(hide_password=False)
