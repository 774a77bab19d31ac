"""Claiming: the next due messages of a lane, each with a permit, in one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select, text, update

from campaigns.flow import dispatch
from campaigns.model.campaign import CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.delivery import Claim, Lane, Quota
from campaigns.model.message import MessageStatus
from campaigns.store import ledger
from campaigns.store import tables as t
from campaigns.store.messages import UNTIL_RELEASED, message


def claim(
    c: Connection, lane: Lane, quotas: Sequence[Quota], now: datetime, most: int, worker: str
) -> Claim:
    """Claim up to `most` due messages for a worker, taking a permit of every quota for each."""
    halt = ledger.lock_account(c, lane.channel)
    if not lane.tests and not _is_sending(c, lane):
        return Claim(reason="the campaign is not sending")
    due = _due(c, lane, now, most)
    if not due:
        return _nothing_due(c, lane)
    if halt is not None and halt.lasts(now):
        # Also a halt that ends by itself may be ended by a person before.
        later = now + timedelta(seconds=dispatch.HALT_RECHECK_S)
        again = later if halt.until is None else min(later, halt.until)
        return Claim(retry_at=again, reason=f"{lane.channel} is stopped: {halt}")
    if not lane.takes_permits:
        return _claimed(_take(c, due, now, worker))
    granted = len(due)
    for quota in quotas:
        granted = dispatch.permits(quota, ledger.used(c, lane.channel, quota, now), granted)
        if granted == 0:
            return _dry(c, lane, quota, now, len(due))
    rows = _take(c, due[:granted], now, worker)
    if rows:
        c.execute(insert(t.ledger), [_permit(row) for row in rows])
    return _claimed(rows)


def queued_in(lane: Lane) -> ColumnElement[bool]:
    """Match the lane's queued messages."""
    return and_(
        t.messages.c.campaign_id == lane.campaign_id, queued_on(lane.channel, tests=lane.tests)
    )


def queued_on(channel: Channel, *, tests: bool) -> ColumnElement[bool]:
    """Match the queued messages of a channel, tests or others."""
    return and_(
        t.messages.c.channel == channel.value,
        # Spelled out and not a parameter, for the partial indexes to match.
        text("messages.status = 'queued'"),
        t.messages.c.is_test.is_(tests),
    )


def _is_sending(c: Connection, lane: Lane) -> bool:
    found = select(t.campaigns.c.id).where(
        t.campaigns.c.id == lane.campaign_id,
        t.campaigns.c.status == CampaignStatus.SENDING.value,
        t.campaigns.c.epoch == lane.epoch,
    )
    return c.execute(found).first() is not None


def _due(c: Connection, lane: Lane, now: datetime, most: int) -> list[str]:
    rows = c.execute(
        select(t.messages.c.id)
        .where(
            queued_in(lane),
            or_(t.messages.c.not_before.is_(None), t.messages.c.not_before <= now),
        )
        .order_by(t.messages.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return [row.id for row in rows]


def _nothing_due(c: Connection, lane: Lane) -> Claim:
    row = c.execute(
        select(t.messages.c.not_before, t.messages.c.reason)
        .where(queued_in(lane), t.messages.c.not_before < UNTIL_RELEASED)
        .order_by(t.messages.c.not_before)
        .limit(1)
    ).first()
    return Claim(retry_at=row.not_before, reason=row.reason) if row else Claim()


def _dry(c: Connection, lane: Lane, quota: Quota, now: datetime, wanted: int) -> Claim:
    needed = dispatch.refill(quota, wanted)
    free_at = ledger.free_at(c, lane.channel, quota, now, needed)
    # Permits out on claims under way come back within seconds, or get a time by leaving; a
    # quota of none stays none until somebody sets another.
    look_again_s = 1 if quota.limit else dispatch.HALT_RECHECK_S
    retry_at = free_at or now + timedelta(seconds=look_again_s)
    return Claim(retry_at=retry_at, reason=f"the limit of {quota} is used up")


def _take(c: Connection, ids: Sequence[str], now: datetime, worker: str) -> list[Row[Any]]:
    taken = c.execute(
        update(t.messages)
        .where(t.messages.c.id.in_(ids), t.messages.c.status == MessageStatus.QUEUED.value)
        .values(
            status=MessageStatus.CLAIMED.value,
            attempt=t.messages.c.attempt + 1,
            reason=None,
            worker=worker,
            updated_at=now,
        )
        .returning(t.messages)
    ).all()
    return sorted(taken, key=lambda row: str(row.id))


def _permit(row: Row[Any]) -> dict[str, object]:
    return {"message_id": row.id, "attempt": row.attempt, "channel": row.channel, "at": None}


def _claimed(rows: Sequence[Row[Any]]) -> Claim:
    return Claim(messages=tuple(message(row) for row in rows))
