"""The simulated providers' own memory: what they took and what they will tell.

It is not our database on purpose. A test of crashes compares what the provider got with what
we think we sent, so the box is written, durably, at the moment of acceptance.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent
from campaigns.model.message import Message

FILE_NAME = "simulator.db"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS accepted (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    text TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS news (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    dedupe_key TEXT NOT NULL,
    due_at TEXT NOT NULL,
    event TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS news_due ON news (due_at);
CREATE INDEX IF NOT EXISTS news_key ON news (dedupe_key);
"""
_EVENT = TypeAdapter(DeliveryEvent)
MOST_NEWS = 500

Script = Callable[[str], Sequence[tuple[datetime, DeliveryEvent]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One message a simulated provider took."""

    message_id: str
    channel: Channel
    address: str
    text: str
    at: datetime


class Box:
    """`model.ports.News` over a file of its own; safe to use from several threads."""

    def __init__(self, path: Path | None = None) -> None:
        """Open the box at `path`, or in memory without one."""
        self._lock = threading.Lock()
        self._db = sqlite3.connect(
            path or ":memory:", check_same_thread=False, isolation_level=None
        )
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(_SCHEMA)

    def accept(self, message: Message, at: datetime, script: Script) -> str:
        """Take a message; return the provider's id for it. `script` says what will be told."""
        with self._writing() as db:
            cursor = db.execute(
                "INSERT INTO accepted (message_id, channel, address, text, at) VALUES (?,?,?,?,?)",
                (message.id, message.channel.value, message.address, message.text, _stamp(at)),
            )
            provider_id = f"{message.channel.value}-sim-{cursor.lastrowid:08d}"
            db.executemany(
                "INSERT INTO news (dedupe_key, due_at, event) VALUES (?,?,?)",
                [
                    (event.dedupe_key, _stamp(due), _EVENT.dump_json(event).decode())
                    for due, event in script(provider_id)
                ],
            )
        return provider_id

    def tell(self, event: DeliveryEvent, due: datetime) -> None:
        """Add one piece of news by hand: somebody writes of their own accord."""
        with self._writing() as db:
            db.execute(
                "INSERT INTO news (dedupe_key, due_at, event) VALUES (?,?,?)",
                (event.dedupe_key, _stamp(due), _EVENT.dump_json(event).decode()),
            )

    def fetch(self, now: datetime) -> Sequence[DeliveryEvent]:
        """Return news due by `now` that was not acknowledged, oldest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT event FROM news WHERE due_at <= ? ORDER BY due_at, seq LIMIT ?",
                (_stamp(now), MOST_NEWS),
            ).fetchall()
        return [_EVENT.validate_json(row[0]) for row in rows]

    def acknowledge(self, events: Iterable[DeliveryEvent]) -> None:
        """Forget events that are durably stored; news told twice is forgotten once each."""
        with self._writing() as db:
            db.executemany(
                "DELETE FROM news WHERE seq ="
                " (SELECT seq FROM news WHERE dedupe_key = ? ORDER BY due_at, seq LIMIT 1)",
                [(event.dedupe_key,) for event in events],
            )

    def taken(self) -> Sequence[Taken]:
        """Return every message taken, in order."""
        with self._lock:
            rows = self._db.execute(
                "SELECT message_id, channel, address, text, at FROM accepted ORDER BY seq"
            ).fetchall()
        return [
            Taken(
                message_id=message_id,
                channel=Channel(channel),
                address=address,
                text=text,
                at=datetime.fromisoformat(at),
            )
            for message_id, channel, address, text, at in rows
        ]

    def waiting(self) -> int:
        """Return how much news was not acknowledged yet."""
        with self._lock:
            count: int = self._db.execute("SELECT count(*) FROM news").fetchone()[0]
        return count

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
