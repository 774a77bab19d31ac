"""What is noted about the database as a whole: one text a key."""

from sqlalchemy import Connection, delete, select

from campaigns.store import tables as t
from campaigns.store.database import insert_into


def noted(c: Connection, key: str) -> str | None:
    """Return what is noted, None when nothing is."""
    return c.scalar(select(t.meta.c.value).where(t.meta.c.key == key))


def note(c: Connection, key: str, value: str) -> None:
    """Note a value in place of what was noted before."""
    first = insert_into(c, t.meta).values(key=key, value=value)
    c.execute(first.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def note_first(c: Connection, key: str, value: str) -> None:
    """Note a value unless something is noted already."""
    c.execute(insert_into(c, t.meta).values(key=key, value=value).on_conflict_do_nothing())


def drop(c: Connection, key: str) -> bool:
    """Note nothing any more; False when nothing was."""
    return c.execute(delete(t.meta).where(t.meta.c.key == key)).rowcount == 1
