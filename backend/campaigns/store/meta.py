"""What is noted about the database as a whole: one text a key."""

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from campaigns.store import tables as t


def noted(c: Connection, key: str) -> str | None:
    """Return what is noted, None when nothing is."""
    return c.scalar(select(t.meta.c.value).where(t.meta.c.key == key))


def note(c: Connection, key: str, value: str) -> None:
    """Note a value in place of what was noted before."""
    first = _insert(c).values(key=key, value=value)
    c.execute(first.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def note_first(c: Connection, key: str, value: str) -> None:
    """Note a value unless something is noted already."""
    c.execute(_insert(c).values(key=key, value=value).on_conflict_do_nothing())


def drop(c: Connection, key: str) -> bool:
    """Note nothing any more; False when nothing was."""
    return c.execute(delete(t.meta).where(t.meta.c.key == key)).rowcount == 1


def _insert(c: Connection) -> postgresql.Insert | sqlite.Insert:
    return sqlite.insert(t.meta) if c.dialect.name == "sqlite" else postgresql.insert(t.meta)
