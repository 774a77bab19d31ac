"""Databases for tests: a PostgreSQL of their own where one is named."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import make_url, text

from campaigns.store import SqlStore
from campaigns.store.database import postgres_engine

POSTGRES = "CAMPAIGNS_TEST_DATABASE_URL"


def postgres_url() -> str:
    """Return the server's URL; skip the test where none is named, except in CI."""
    url = os.environ.get(POSTGRES)
    if not url:
        assert "CAMPAIGNS_CI" not in os.environ, f"CI names no PostgreSQL in {POSTGRES}"
        pytest.skip(f"{POSTGRES} names no PostgreSQL")
    return url


@contextmanager
def postgres_store(url: str, name: str) -> Iterator[SqlStore]:
    """Yield an empty database `name` on the server at `url`.

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
    try:
        with store.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA IF EXISTS dbos CASCADE"))
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        store.create()
        yield store
    finally:
        store.engine.dispose()
