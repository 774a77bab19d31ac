"""One message's attempt: leaving, its outcome, or giving the claim back.

Every statement names the state and the attempt it expects, so a worker that lost its claim (it
was slow, paused, or thought dead) changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, assert_never

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, insert, or_, select, update

from campaigns.flow import dispatch, track
from campaigns.model.campaign import CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.delivery import Accepted, EventType, Refused, SendOutcome, Unknown
from campaigns.model.ids import MessageId
from campaigns.model.message import MessageStatus
from campaigns.store import doubts, ledger, news, reserves
from campaigns.store import tables as t
from campaigns.store.account_tables import accounts
from campaigns.store.messages import UNTIL_RELEASED
from campaigns.store.pruning import has_text

AnyRow = Row[*tuple[Any, ...]]


def leaving(c: Connection, message_id: MessageId, attempt: int, at: datetime) -> bool:
    """CLAIMED to SENDING for exactly this attempt, if it may still leave."""
    campaign_sends = exists().where(
        t.campaigns.c.id == t.messages.c.campaign_id,
        t.campaigns.c.status == CampaignStatus.SENDING.value,
    )
    suppressed = exists().where(
        t.suppressions.c.channel == t.messages.c.channel,
        t.suppressions.c.address == t.messages.c.address,
    )
    halted = exists().where(accounts.c.channel == t.messages.c.channel, ledger.is_halted(at))
    moved = c.execute(
        update(t.messages)
        .where(
            t.messages.c.id == message_id,
            t.messages.c.attempt == attempt,
            t.messages.c.status == MessageStatus.CLAIMED.value,
            or_(t.messages.c.is_test.is_(True), campaign_sends),
            ~suppressed,
            ~halted,
            ~reserves.first_arrived(),
        )
        .values(status=MessageStatus.SENDING.value, left_at=at, updated_at=at)
    )
    if moved.rowcount == 0:
        return False
    ledger.date(c, message_id, attempt, at)
    c.execute(insert(t.attempts).values(message_id=message_id, attempt=attempt, left_at=at))
    return True


def settle(
    c: Connection, message_id: MessageId, attempt: int, outcome: SendOutcome, at: datetime
) -> MessageStatus | None:
    """Record an attempt's outcome; return the message's state, None when not its attempt."""
    row = c.execute(
        select(t.messages.c.id, t.messages.c.status, t.messages.c.channel, t.messages.c.provider_id)
        .where(t.messages.c.id == message_id, t.messages.c.attempt == attempt)
        .with_for_update()
    ).first()
    if row is None:
        return None
    earlier = _ends_of_tries(c, message_id)
    _note(c, message_id, attempt, outcome, at)
    match outcome:
        case Accepted():
            return _accept(c, row, outcome, at)
        case Unknown():
            return _doubt(c, row, outcome, at)
        case Refused():
            ledger.give_back(c, message_id, attempt)
            return _refuse(c, row, outcome, earlier, at)
        case _:
            assert_never(outcome)


def hold(
    c: Connection,
    message_id: MessageId,
    attempt: int,
    until: datetime | None,
    reason: str | None,
    at: datetime,
) -> bool:
    """Give a claimed message and its permit back: not before `until`, and why."""
    not_before = UNTIL_RELEASED if until is None else until
    changes = {"status": MessageStatus.QUEUED.value, "not_before": not_before, "reason": reason}
    return _end_claim(c, message_id, attempt, at, changes)


def drop(
    c: Connection,
    message_id: MessageId,
    attempt: int,
    status: MessageStatus,
    reason: str,
    at: datetime,
) -> bool:
    """End a claimed message as suppressed, skipped or failed; its permit is given back.

    One whose earlier attempt may have left goes back to being in doubt instead.
    """
    return _end_claim(
        c, message_id, attempt, at, {"status": doubts.unless_in_doubt(status), "reason": reason}
    )


def resolve(
    c: Connection, message_id: MessageId, status: MessageStatus, reason: str, at: datetime
) -> bool:
    """Do what a person decided about a message in doubt, failed or held."""
    decidable = [
        old.value
        for old in (MessageStatus.IN_DOUBT, MessageStatus.FAILED)
        if track.may_move(old, status)
    ]
    allowed: ColumnElement[bool] = t.messages.c.status.in_(decidable)
    if status is MessageStatus.QUEUED:
        allowed = and_(allowed, has_text(t.messages))
    if status in (MessageStatus.QUEUED, MessageStatus.CANCELLED):
        held = and_(
            t.messages.c.status == MessageStatus.QUEUED.value,
            t.messages.c.not_before == UNTIL_RELEASED,
        )
        allowed = or_(allowed, held)
    done = c.execute(
        update(t.messages)
        .where(t.messages.c.id == message_id, allowed)
        # What a person decided is no doubt any more, also when it is to be sent again.
        .values(
            status=status.value, reason=reason, not_before=None, doubt_since=None, updated_at=at
        )
    )
    return done.rowcount == 1


def _accept(c: Connection, row: AnyRow, accepted: Accepted, at: datetime) -> MessageStatus:
    old = MessageStatus(row.status)
    new = track.merge(old, EventType.ACCEPTED)
    reason = accepted.note or None
    for early in news.adopt(c, row.id, Channel(row.channel), accepted.provider_id):
        merged = track.merge(new, EventType(early.type))
        if merged is not new:
            new, reason = merged, early.reason
    changes: dict[str, object] = {}
    if new is not old:
        changes = {
            "status": new.value,
            "reason": reason,
            "not_before": None,
            "doubt_since": None,
            "updated_at": at,
        }
    if accepted.provider_id and not row.provider_id:
        changes["provider_id"] = accepted.provider_id
    if changes:
        c.execute(update(t.messages).where(t.messages.c.id == row.id).values(**changes))
    if new is MessageStatus.FAILED and old is not new:
        reserves.note(c, row.id, None, at, told=True)
    return new


def _doubt(c: Connection, row: AnyRow, unknown: Unknown, at: datetime) -> MessageStatus:
    old = MessageStatus(row.status)
    if old is not MessageStatus.SENDING:
        return old
    doubts.begin(c, row.id)
    return _set(c, row.id, MessageStatus.IN_DOUBT, str(unknown.reason), None, at)


def _refuse(
    c: Connection, row: AnyRow, refused: Refused, earlier: Sequence[datetime], at: datetime
) -> MessageStatus:
    stopped = _stop_channel(c, Channel(row.channel), refused, at)
    old = MessageStatus(row.status)
    if old is MessageStatus.FAILED:  # news of it was quicker than this answer
        reserves.note(c, row.id, refused.reason.kind, at, told=True)
    # In doubt: its lease ran out, and now the slow worker brings a definite no after all.
    if old not in (MessageStatus.CLAIMED, MessageStatus.SENDING, MessageStatus.IN_DOUBT):
        return old
    # Where the whole channel stands still, the message is due when it goes on.
    again = at if stopped else dispatch.retry_at(refused, earlier, at)
    if again is not None:
        return _set(c, row.id, MessageStatus.QUEUED, str(refused.reason), again, at)
    if refused.retry_after_s is None:
        doubts.end(c, row.id)  # a final no: the earlier attempts were not taken either
    if doubts.since(c, [row.id]):
        return _set(c, row.id, MessageStatus.IN_DOUBT, str(refused.reason), None, at)
    reserves.note(c, row.id, refused.reason.kind, at, told=False)
    return _set(c, row.id, MessageStatus.FAILED, str(refused.reason), None, at)


def _stop_channel(c: Connection, channel: Channel, refused: Refused, at: datetime) -> bool:
    """Halt or rest the channel when a refusal is about all of it; whether it was."""
    if refused.halts_channel:
        ledger.halt(c, channel, str(refused.reason))
    elif refused.rests_channel and refused.retry_after_s is not None:
        until = at + timedelta(seconds=refused.retry_after_s)
        ledger.rest(c, channel, str(refused.reason), until)
    else:
        return False
    return True


def _set(
    c: Connection,
    message_id: str,
    status: MessageStatus,
    reason: str,
    not_before: datetime | None,
    at: datetime,
) -> MessageStatus:
    c.execute(
        update(t.messages)
        .where(t.messages.c.id == message_id)
        .values(status=status.value, reason=reason, not_before=not_before, updated_at=at)
    )
    return status


def _end_claim(
    c: Connection, message_id: str, attempt: int, at: datetime, changes: dict[str, Any]
) -> bool:
    ledger.give_back(c, message_id, attempt)
    done = c.execute(
        update(t.messages)
        .where(
            t.messages.c.id == message_id,
            t.messages.c.attempt == attempt,
            t.messages.c.status == MessageStatus.CLAIMED.value,
        )
        .values(updated_at=at, **changes)
    )
    return done.rowcount == 1


def _ends_of_tries(c: Connection, message_id: str) -> list[datetime]:
    rows = c.execute(
        select(t.attempts.c.ended_at)
        .where(t.attempts.c.message_id == message_id, t.attempts.c.ended_at.is_not(None))
        .order_by(t.attempts.c.attempt)
    )
    return [row.ended_at for row in rows]


def _note(c: Connection, message_id: str, attempt: int, outcome: SendOutcome, at: datetime) -> None:
    detail = outcome.note if isinstance(outcome, Accepted) else str(outcome.reason)
    ended = {"ended_at": at, "outcome": type(outcome).__name__.lower(), "detail": detail}
    known = c.execute(
        update(t.attempts)
        .where(t.attempts.c.message_id == message_id, t.attempts.c.attempt == attempt)
        .values(**ended)
    )
    if known.rowcount == 0:
        c.execute(insert(t.attempts).values(message_id=message_id, attempt=attempt, **ended))
