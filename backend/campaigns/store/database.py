"""Engines and transactions, so that SQLite and PostgreSQL behave alike.

SQLite: WAL, `synchronous=FULL` (a committed row survives a power cut) and foreign keys. A
transaction that may write begins IMMEDIATE, so that a read before its first write is locked too.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    Select,
    Table,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from campaigns.model.errors import DatabaseRefused

BUSY_TIMEOUT_MS = 30_000
ROWS_AT_ONCE = 200
FILE_NAME = "campaigns.db"


def sqlite_engine(path: Path | None) -> Engine:
    """Return an engine on the SQLite file at `path`, or in memory for None."""
    if path is None:
        engine = create_engine(
            "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
    else:
        engine = create_engine(URL.create("sqlite", database=str(path)))

    @event.listens_for(engine, "connect")
    def _set_up(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        # The driver must not open transactions by itself: `begin` below does.
        if isinstance(connection, sqlite3.Connection):
            connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "foreign_keys=ON",
            "journal_mode=WAL",
            "synchronous=FULL",
        ):
            connection.cursor().execute(f"PRAGMA {pragma}")

    return engine


def postgres_engine(url: str) -> Engine:
    """Return an engine on PostgreSQL; `url` may name no driver ("postgresql://...")."""
    bare = url.split("://", 1)[1]
    return create_engine(f"postgresql+psycopg://{bare}", pool_pre_ping=True)


def open_engine(url: str | None, data: Path | None) -> Engine:
    """Return the engine for PostgreSQL at `url`, or for SQLite in the data folder without one.

    Raises `DatabaseRefused` when PostgreSQL does not answer, or does not store Unicode.
    """
    if url is None:
        return sqlite_engine(data / FILE_NAME if data else None)
    engine = postgres_engine(url)
    try:
        _look_at(engine)
    except DatabaseRefused:
        engine.dispose()
        raise
    return engine


def _look_at(engine: Engine) -> None:
    """Connect once by the driver alone: SQLAlchemy itself cannot with a database of no encoding."""
    dialect: Any = engine.dialect
    arguments, options = dialect.create_connect_args(engine.url)
    named = f"CAMPAIGNS_DATABASE_URL: {name_of(engine)}"
    try:
        connection = dialect.connect(*arguments, **options)
    except dialect.loaded_dbapi.OperationalError as error:
        raise DatabaseRefused(f"{named} cannot be worked on: {error}") from error
    with connection:
        encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise DatabaseRefused(
            f"{named} stores no Unicode. Make it with ENCODING 'UTF8' TEMPLATE template0."
        )


def name_of(engine: Engine) -> str:
    """Return what people call a database; no password."""
    url = engine.url
    if engine.dialect.name == "sqlite":
        return str(url.database)
    return f"{url.database} on {url.host or 'this machine'}"


def stands(url: str | None, data: Path) -> bool:
    """Tell whether `open_engine` would open a database that was there before."""
    return url is not None or (data / FILE_NAME).exists()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that may write; locked from its first statement on SQLite."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            with _sqlite_transaction(connection, "IMMEDIATE"):
                yield connection
        else:
            with connection.begin():
                yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open one consistent view for reading."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            with _sqlite_transaction(connection, "DEFERRED"):
                yield connection
        else:
            with connection.begin():
                connection.execute(
                    text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                )
                yield connection


@contextmanager
def _sqlite_transaction(connection: Connection, mode: str) -> Iterator[None]:
    connection.exec_driver_sql(f"BEGIN {mode}")
    try:
        yield
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")


def settle(engine: Engine, tables: Sequence[Table]) -> None:
    """Gather tables' statistics and, on PostgreSQL, mark their pages as visible to everybody.

    Outside a transaction. SQLite looks at some rows of each index, which is enough.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA analysis_limit=1000")
            for table in tables:
                connection.exec_driver_sql(f"ANALYZE {table.name}")
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.exec_driver_sql(f"VACUUM (ANALYZE) {table.name}")


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return an insert that can say what happens when the row is there already."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    return insert(table)


def streamed(connection: Connection, query: Select[Any]) -> Iterator[Row[Any]]:
    """Read a query's rows a few at a time: with a cursor of the server's on PostgreSQL."""
    with connection.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}) as rows:
        yield from rows
