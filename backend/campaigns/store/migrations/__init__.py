"""How the tables grew: Alembic revisions, and the way to the newest.

A change of `store/tables.py` comes with a revision; a test holds the two together. A new database
has no history: its tables are made at once, as the newest revision leaves them.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from campaigns.store.database import writing
from campaigns.store.tables import metadata

HEAD = "0019"  # the newest revision, so that an up-to-date start need not load Alembic
UPGRADING = 0x63616D70616967  # "campaig"; an advisory lock's number, ours alone in the database


def upgrade(engine: Engine) -> bool:
    """Bring the database to the newest revision; return whether anything was done."""
    if revision(engine) == HEAD:
        return False
    # One transaction, on SQLite too: a start cut short leaves the old tables, not half of both.
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            # Several processes may start at once: the first brings the tables up, the rest wait.
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADING})
        if inspect(connection).has_table("alembic_version"):
            grow(connection)
        else:
            _make(connection)
    return True


def revision(engine: Engine) -> str | None:
    """Return the revision of a database, None for one without our tables."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def grow(connection: Connection, to: str = "head") -> None:
    """Run every revision that is due, up to `to`."""
    # Imported here: most starts find an up-to-date database.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _make(connection: Connection) -> None:
    """Make all tables, and Alembic's own as it makes it."""
    metadata.create_all(connection)
    connection.execute(
        text(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
            "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
    )
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
