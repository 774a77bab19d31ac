"""Messages that failed for good and have another in reserve: noted, called, or let be."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, or_, select, update

from campaigns.flow import reserve
from campaigns.model.campaign import CampaignStatus
from campaigns.model.delivery import ReasonClass
from campaigns.model.ids import MessageId
from campaigns.model.message import Message, MessageStatus
from campaigns.store import reserve_tables as r
from campaigns.store import tables as t
from campaigns.store.codec import load
from campaigns.store.database import insert_into


class ReserveRows:
    """`model.ports.Reserves` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def due(self, now: datetime, most: int) -> Sequence[MessageId]:
        """Return failed messages whose reserve is to be called, the longest due first.

        A campaign that is scheduled to go on calls its own once it sends.
        """
        rows = self._c.execute(
            select(r.reserves.c.message_id)
            .join(t.messages, t.messages.c.id == r.reserves.c.message_id)
            .join(t.campaigns, t.campaigns.c.id == t.messages.c.campaign_id)
            .where(
                r.reserves.c.reserve_id.is_(None),
                r.reserves.c.due <= now,
                t.campaigns.c.status != CampaignStatus.SCHEDULED.value,
            )
            .order_by(r.reserves.c.due)
            .limit(most)
        )
        return [MessageId(row.message_id) for row in rows]

    def call(self, message_id: MessageId, reserve_id: MessageId) -> bool:
        """Note what message the reserve became; False when it was called or let be before."""
        done = self._c.execute(
            update(r.reserves)
            .where(r.reserves.c.message_id == message_id, r.reserves.c.reserve_id.is_(None))
            .values(reserve_id=reserve_id)
        )
        return done.rowcount == 1

    def let_be(self, message_id: MessageId) -> bool:
        """Never call the reserve of a message; False when it was called or let be before."""
        done = self._c.execute(
            delete(r.reserves).where(
                r.reserves.c.message_id == message_id, r.reserves.c.reserve_id.is_(None)
            )
        )
        return done.rowcount == 1

    def called(self, message_id: MessageId) -> MessageId | None:
        """Return the message that a message's reserve became, None when it was not called."""
        found: str | None = self._c.scalar(
            select(r.reserves.c.reserve_id).where(r.reserves.c.message_id == message_id)
        )
        return MessageId(found) if found else None

    def needless(self, message_ids: Collection[MessageId]) -> Collection[MessageId]:
        """Return those of the reserves whose first message did not fail after all."""
        rows = self._c.execute(
            select(t.messages.c.id).where(t.messages.c.id.in_(message_ids), first_arrived())
        )
        return {MessageId(row.id) for row in rows}


def note(c: Connection, message_id: str, kind: ReasonClass, now: datetime, *, told: bool) -> None:
    """Note that a message just failed, if it has a reserve that may take its place."""
    row = c.execute(
        select(t.messages.c.record, t.messages.c.left_at, t.messages.c.is_test).where(
            t.messages.c.id == message_id
        )
    ).one()
    if row.is_test or load(Message, row.record).in_reserve is None:
        return
    tried = t.attempts.c
    unclear = c.execute(
        select(func.count()).where(
            tried.message_id == message_id,
            tried.left_at.is_not(None),
            or_(tried.outcome.is_(None), tried.outcome != "refused"),
        )
    ).scalar_one()
    due = reserve.due(kind, told=told, unclear=unclear, left_at=row.left_at, now=now)
    if due is not None:
        waiting = insert_into(c, r.reserves).values(message_id=message_id, due=due)
        c.execute(waiting.on_conflict_do_nothing())


def first_arrived() -> ColumnElement[bool]:
    """Match messages called from reserve whose first message is no longer failed."""
    first = t.messages.alias("first")
    return exists().where(
        r.reserves.c.reserve_id == t.messages.c.id,
        first.c.id == r.reserves.c.message_id,
        first.c.status != MessageStatus.FAILED.value,
    )


def waits_in_reserve() -> ColumnElement[bool]:
    """Match failed messages whose reserve is still to be called."""
    return and_(
        t.messages.c.status == MessageStatus.FAILED.value,
        exists().where(
            r.reserves.c.message_id == t.messages.c.id, r.reserves.c.reserve_id.is_(None)
        ),
    )
