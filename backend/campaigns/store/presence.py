"""Which workers of a PostgreSQL database are alive, told by session locks.

Every worker holds an advisory lock on its own name for as long as its session lives; the server
lets go of it the moment the process dies. Whoever can take another's lock knows that it is dead,
and while holding it is the only one to take that worker's work over. One more lock makes one
worker the leader, who looks after what needs doing once and not by everybody.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

log = structlog.get_logger(__name__)

LEADER = "the leader"
# A machine that lost its power closes no connection: the server asks, and gives it up after
# about four seconds.
KEEP_ALIVE = ("tcp_keepalives_idle=2", "tcp_keepalives_interval=1", "tcp_keepalives_count=2")


class Presence:
    """This process among the workers of one database; use it from one thread at a time.

    `name` must be nobody else's, ever: a restarted process takes a new one.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self.name = name
        self._engine = engine
        self._session: Connection | None = None
        self._leader = False

    def leads(self) -> bool:
        """Make sure that we are known to be alive; return whether we are the leader."""
        try:
            session = self._alive()
            self._leader = self._leader or _take(session, LEADER)
        except DBAPIError:
            log.warning("presence_lost", worker=self.name)
            self._forget()
        return self._leader

    @contextmanager
    def instead_of(self, name: str) -> Iterator[bool]:
        """Yield True while the worker `name` is dead and nobody else stands in for it."""
        session = self._alive()
        dead = _take(session, name)
        try:
            yield dead
        finally:
            if dead:
                session.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _key(name)})

    def leave(self) -> None:
        """Let the others know that we are gone."""
        if self._session is not None:
            try:
                # The server notices a closed connection a moment later; this it does at once.
                self._session.execute(text("SELECT pg_advisory_unlock_all()"))
            except DBAPIError:
                log.warning("presence_lost", worker=self.name)
            self._session.close()
        self._forget()

    def _alive(self) -> Connection:
        if self._session is None:
            self._session = self._opened()
        self._session.execute(text("SELECT 1"))
        return self._session

    def _opened(self) -> Connection:
        session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        # Its locks live as long as the connection, so the pool must not keep it.
        session.detach()
        for setting in KEEP_ALIVE:
            session.execute(text(f"SET {setting}"))
        if not _take(session, self.name):
            # Somebody takes over what they think we left; the next look tries again.
            log.warning("presence_taken", worker=self.name)
        return session

    def _forget(self) -> None:
        self._session = None
        self._leader = False


def somebody_works(engine: Engine) -> bool:
    """Whether a worker, or somebody who brings the tables up, is at work on a PostgreSQL."""
    locks = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = "
        "(SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with engine.connect() as connection:
        return bool(connection.execute(locks).scalar_one())


def _take(session: Connection, name: str) -> bool:
    locked: bool = session.execute(
        text("SELECT pg_try_advisory_lock(:key)"), {"key": _key(name)}
    ).scalar_one()
    return locked


def _key(name: str) -> int:
    """Return the lock's number: 64 signed bits of a digest, so that names do not collide."""
    digest = hashlib.sha256(f"campaigns worker {name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
