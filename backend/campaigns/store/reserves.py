"""Messages that failed for good and have another in reserve: noted, called, or let be."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from campaigns.flow import reserve
from campaigns.model.campaign import CampaignStatus
from campaigns.model.delivery import EventType, ReasonClass
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


def note(
    c: Connection, message_id: str, kind: ReasonClass | None, now: datetime, *, told: bool
) -> None:
    """Note a failure of a message, if it has a reserve that may take its place.

    `kind` is the reason just given, None when none was. Providers may tell of one failure twice
    and differ: a reserve that waits is let be once any reason speaks against it, and one may be
    called for a reason that comes after a failure without any.
    """
    row = c.execute(
        select(t.messages.c.record, t.messages.c.left_at, t.messages.c.is_test).where(
            t.messages.c.id == message_id
        )
    ).one()
    if row.is_test or load(Message, row.record).in_reserve is None:
        return
    kinds = _reasons(c, message_id, row.left_at) | ({kind} if kind else set())
    tried = t.attempts.c
    unclear = c.execute(
        select(func.count()).where(
            tried.message_id == message_id,
            tried.left_at.is_not(None),
            or_(tried.outcome.is_(None), tried.outcome != "refused"),
        )
    ).scalar_one()
    due = reserve.due(kinds, told=told, unclear=unclear, left_at=row.left_at, now=now)
    if due is not None:
        waiting = insert_into(c, r.reserves).values(message_id=message_id, due=due)
        c.execute(waiting.on_conflict_do_nothing())
    elif not kinds <= reserve.OF_THE_WAY:
        ReserveRows(c).let_be(MessageId(message_id))


def kind_in(words: str | None) -> ReasonClass:
    """Return the class of the reason that a stored event's or attempt's words begin with."""
    kind = (words or "").partition(":")[0]
    return ReasonClass(kind) if kind in set(ReasonClass) else ReasonClass.UNKNOWN


def _reasons(c: Connection, message_id: str, left_at: datetime | None) -> set[ReasonClass]:
    """Return every reason given for the failure of a message since it last left."""
    news = select(t.events.c.reason).where(
        t.events.c.message_id == message_id,
        t.events.c.type.in_([EventType.FAILED.value, EventType.BOUNCED.value]),
        t.events.c.reason.is_not(None),
    )
    if left_at is not None:
        news = news.where(t.events.c.received_at >= left_at)
    tried = t.attempts.c
    last = select(tried.outcome, tried.detail).where(tried.message_id == message_id)
    answer = c.execute(last.order_by(tried.attempt.desc()).limit(1)).first()
    kinds = {kind_in(words) for words in c.scalars(news)}
    if answer is not None and answer.outcome == "refused":
        kinds.add(kind_in(answer.detail))
    return kinds


def first_arrived() -> ColumnElement[bool]:
    """Match messages called from reserve of which one in whose place they are is not failed.

    There are three channels, so at most two came before.
    """
    called, before = r.reserves.alias("called"), r.reserves.alias("before")
    first = t.messages.alias("first")
    one_more = (
        select(before.c.message_id)
        .where(before.c.reserve_id == called.c.message_id)
        .scalar_subquery()
    )
    return exists().where(
        called.c.reserve_id == t.messages.c.id,
        or_(first.c.id == called.c.message_id, first.c.id == one_more),
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
