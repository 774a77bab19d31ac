"""A whole database to another one: every row of ours, nothing of the engine's.

The engine's own tables stay behind: what is to be sent is in our rows, and the first worker on
the copy starts every lane anew from them. The original is marked as copied away in the same
breath, for two databases with one queue would send everything twice.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, Integer, Table, delete, func, insert, select, text
from sqlalchemy.exc import DataError, IntegrityError

from campaigns.model.errors import DatabaseRefused
from campaigns.store import migrations
from campaigns.store import tables as t
from campaigns.store.database import writing
from campaigns.store.standing import reinstate, retire

AT_ONCE = 500  # rows
# Made from the customer book at every start, so that a target just set up has them, too.
FROM_THE_BOOK = frozenset({"meta", "customers", "addresses", "entries", "remarks", "suspicions"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """How many rows of a table stood in the source, and now stand in the target."""

    table: str
    rows: int


def copy(
    source: Engine, target: Engine, name: str, each: Callable[[Copied], None]
) -> Sequence[Copied]:
    """Copy every table; `name` is what the source will call the target, `each` is told of tables.

    The target's tables are made where they are missing. Nobody else can write to the source
    meanwhile, and all or nothing is copied. Raises `DatabaseRefused` when the source is not at
    this version's revision, the target has rows, or a row does not fit.
    """
    _require_revision(source)
    migrations.upgrade(target)
    # The source's mark is committed first: two databases at work would be worse than none.
    with writing(target) as new, writing(source) as old:
        _alone(old)
        _require_empty(new)
        done = []
        for table in t.metadata.sorted_tables:
            done.append(_copied(old, new, table))
            each(done[-1])
        reinstate(new)  # a copy cut short had marked the source already
        retire(old, name)
    return done


def _require_revision(source: Engine) -> None:
    found = migrations.revision(source)
    if found != migrations.HEAD:
        raise DatabaseRefused(
            f"The source is at revision {found or 'none'}, this version knows "
            f"{migrations.HEAD}. Bring it up first: campaigns db upgrade"
        )


def _require_empty(new: Connection) -> None:
    for table in reversed(t.metadata.sorted_tables):
        if table.name in FROM_THE_BOOK:
            new.execute(delete(table))
        elif new.execute(select(table).limit(1)).first() is not None:
            raise DatabaseRefused(
                f"The target is not empty: its table {table.name} has rows. Give a new database, "
                "or move the old one away."
            )


def _alone(old: Connection) -> None:
    """Keep everybody else from writing; on SQLite the open transaction does."""
    if old.dialect.name == "postgresql":
        tables = ", ".join(table.name for table in t.metadata.sorted_tables)
        old.execute(text(f"LOCK TABLE {tables} IN EXCLUSIVE MODE"))


def _copied(old: Connection, new: Connection, table: Table) -> Copied:
    every = select(table).order_by(*table.primary_key).execution_options(yield_per=AT_ONCE)
    rows = old.execute(every)
    for some in _batches(dict(row) for row in rows.mappings()):
        try:
            new.execute(insert(table), some)
        except (DataError, IntegrityError) as error:
            raise DatabaseRefused(
                f"A row of {table.name} does not fit into the target: "
                f"{str(error.orig).splitlines()[0]}. Nothing was copied."
            ) from error
    _count_on(new, table)
    stood, stand = (_count(c, table) for c in (old, new))
    if stood != stand:
        raise DatabaseRefused(
            f"{table.name} has {stood} rows, its copy {stand}. Nothing was copied."
        )
    return Copied(table=table.name, rows=stand)


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while some := list(islice(rows, AT_ONCE)):
        yield some


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _count_on(new: Connection, table: Table) -> None:
    """Have numbers that the database hands out go on after the highest copied one."""
    counted = table.autoincrement_column
    if new.dialect.name != "postgresql" or counted is None:
        return
    if isinstance(counted.type, Integer):
        highest = select(func.max(counted)).scalar_subquery()
        sequence = func.pg_get_serial_sequence(table.name, counted.name)
        new.execute(select(func.setval(sequence, func.coalesce(highest, 0) + 1, False)))
