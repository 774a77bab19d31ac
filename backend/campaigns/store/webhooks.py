"""Requests of providers, kept as they came until everything in them is taken in."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from campaigns.model.customer import Channel
from campaigns.model.webhook import RawWebhook
from campaigns.store import meta
from campaigns.store import tables as t
from campaigns.store.database import insert_into

# How long a reader has before another look, doubled each time up to an hour.
FIRST_LEASE = timedelta(seconds=30)
LONGEST_LEASE = timedelta(hours=1)


class WebhookRows:
    """`model.ports.Webhooks` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def keep(self, channel: Channel, body: bytes, at: datetime) -> bool:
        """Store a request; False when exactly this one is there already."""
        stored = self._c.execute(
            insert_into(self._c, t.webhooks)
            .values(
                id=hashlib.sha256(channel.value.encode() + b"\x00" + body).hexdigest(),
                channel=channel.value,
                body=body,
                received_at=at,
                due_at=at,
                tries=0,
            )
            .on_conflict_do_nothing()
            .returning(t.webhooks.c.id)
        )
        return stored.first() is not None

    def due(self, now: datetime, limit: int) -> Sequence[RawWebhook]:
        """Return requests to read now, oldest first; each is due again later unless finished."""
        rows = self._c.execute(
            select(t.webhooks)
            .where(t.webhooks.c.done_at.is_(None), t.webhooks.c.due_at <= now)
            .order_by(t.webhooks.c.received_at, t.webhooks.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            lease = min(FIRST_LEASE * 2 ** min(row.tries, 10), LONGEST_LEASE)
            self._c.execute(
                update(t.webhooks)
                .where(t.webhooks.c.id == row.id)
                .values(due_at=now + lease, tries=row.tries + 1)
            )
        return [_webhook(row) for row in rows]

    def free(self, now: datetime) -> int:
        """Have everything that is not taken in read now, for its reader died; return how many."""
        return self._c.execute(
            update(t.webhooks)
            .where(t.webhooks.c.done_at.is_(None), t.webhooks.c.due_at > now)
            .values(due_at=now)
        ).rowcount

    def finish(self, webhook_id: str, at: datetime, trouble: str | None = None) -> None:
        """Note that everything in a request is taken in, and what of it could not be read."""
        self._c.execute(
            update(t.webhooks)
            .where(t.webhooks.c.id == webhook_id, t.webhooks.c.done_at.is_(None))
            .values(done_at=at, trouble=trouble)
        )

    def troubled(self, limit: int) -> Sequence[RawWebhook]:
        """Return the newest requests with something in them that could not be read."""
        rows = self._c.execute(
            select(t.webhooks)
            .where(t.webhooks.c.trouble.is_not(None))
            .order_by(t.webhooks.c.received_at.desc())
            .limit(limit)
        )
        return [_webhook(row) for row in rows]

    def reached(self, source: str) -> str | None:
        """Return how far a source that is asked (a mailbox) was read, None when never."""
        return meta.noted(self._c, _checkpoint(source))

    def reach(self, source: str, checkpoint: str) -> None:
        """Note how far a source was read, in the transaction that keeps what came."""
        meta.note(self._c, _checkpoint(source), checkpoint)

    def waiting(self) -> int:
        """Return how many requests are not taken in yet."""
        waiting = select(func.count()).select_from(t.webhooks).where(t.webhooks.c.done_at.is_(None))
        return self._c.execute(waiting).scalar_one()


def _checkpoint(source: str) -> str:
    """Return the key of a source's checkpoint; names may be longer than the column."""
    return f"reached.{hashlib.sha256(source.encode()).hexdigest()[:48]}"


def _webhook(row: Row[Any]) -> RawWebhook:
    return RawWebhook(
        id=row.id,
        channel=Channel(row.channel),
        body=row.body,
        received_at=row.received_at,
        tries=row.tries,
        done_at=row.done_at,
        trouble=row.trouble,
    )
