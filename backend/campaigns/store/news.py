"""News from providers: kept once, merged into its message, adopted later when it came early."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select, update

from campaigns.flow import track
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, EventType, Recorded
from campaigns.model.ids import MessageId
from campaigns.model.message import MessageStatus
from campaigns.store import reserves
from campaigns.store import tables as t
from campaigns.store.database import insert_into

KEY_LENGTH = 160
# Mail servers give up after five days at most (RFC 5321, 4.5.4.1).
BOUNCES_WITHIN = timedelta(days=5)

AnyRow = Row[*tuple[Any, ...]]


def record(c: Connection, event: DeliveryEvent, received_at: datetime) -> Recorded:
    """Store an event and merge it into its message; the same news twice is one event."""
    row = _message_of(c, event, lock=True)
    if not _store(c, event, received_at, row.id if row else None):
        return _recorded(row, new=False)
    if row is None:
        return Recorded(new=True)
    old = MessageStatus(row.status)
    new = track.merge(old, event.type)
    changes: dict[str, object] = {}
    if new is not old:
        # A reason explains a failure or a doubt; good news ends both.
        words = _words(event)
        changes = {"status": new.value, "updated_at": received_at, "reason": words}
        changes["doubt_since"] = None
    if event.provider_id and not row.provider_id:
        changes["provider_id"] = event.provider_id
    if changes:
        c.execute(update(t.messages).where(t.messages.c.id == row.id).values(**changes))
    if new is track.shown_by(event.type) is MessageStatus.FAILED:
        reserves.note(c, row.id, None, received_at, told=True)
    return Recorded(new=True, message_id=MessageId(row.id), status=new)


def would_record(c: Connection, event: DeliveryEvent) -> Recorded:
    """Return whether an event is new and which message it is about, storing nothing."""
    known = c.scalar(select(t.events.c.dedupe_key).where(t.events.c.dedupe_key == _key(event)))
    return _recorded(_message_of(c, event), new=known is None)


def adopt(
    c: Connection, message_id: MessageId, channel: Channel, provider_id: str
) -> Sequence[AnyRow]:
    """Give a message the news that came under its provider's id before we knew that id.

    Return those events' `type` and `reason`, oldest first.
    """
    if not provider_id:
        return ()
    orphans = (
        t.events.c.channel == channel.value,
        t.events.c.provider_id == provider_id,
        t.events.c.message_id.is_(None),
    )
    found = c.execute(
        select(t.events.c.type, t.events.c.reason).where(*orphans).order_by(t.events.c.occurred_at)
    ).all()
    if found:
        c.execute(update(t.events).where(*orphans).values(message_id=message_id))
    return found


def newest(
    c: Connection, channel: Channel, address: str, types: Collection[EventType]
) -> Collection[EventType]:
    """Return the newest news of these types about an address; several at one instant."""
    about = (
        t.events.c.channel == channel.value,
        t.events.c.address == address,
        t.events.c.type.in_([kind.value for kind in types]),
    )
    latest = select(func.max(t.events.c.occurred_at)).where(*about).scalar_subquery()
    rows = c.execute(
        select(t.events.c.type).where(*about, t.events.c.occurred_at == latest).distinct()
    )
    return {EventType(row.type) for row in rows}


def heard_at(c: Connection, channel: Channel, address: str) -> datetime | None:
    """Return when a reply last came from an address, None when never."""
    heard_at: datetime | None = c.scalar(
        select(func.max(t.events.c.occurred_at)).where(
            t.events.c.channel == channel.value,
            t.events.c.address == address,
            t.events.c.type == EventType.REPLIED.value,
        )
    )
    return heard_at


def _recorded(row: AnyRow | None, *, new: bool) -> Recorded:
    return Recorded(
        new=new,
        message_id=MessageId(row.id) if row else None,
        status=MessageStatus(row.status) if row else None,
    )


def _message_of(c: Connection, event: DeliveryEvent, *, lock: bool = False) -> AnyRow | None:
    wanted = select(t.messages.c.id, t.messages.c.status, t.messages.c.provider_id)
    if event.message_id is not None:
        wanted = wanted.where(t.messages.c.id == event.message_id)
    elif event.provider_id:
        wanted = wanted.where(
            t.messages.c.channel == event.channel.value,
            t.messages.c.provider_id == event.provider_id,
        )
    elif event.campaign_id is not None and event.address:
        wanted = wanted.where(
            t.messages.c.campaign_id == event.campaign_id,
            t.messages.c.channel == event.channel.value,
            t.messages.c.address == event.address,
            t.messages.c.left_at.is_not(None),
            t.messages.c.is_test.is_(False),
        ).limit(1)
    elif event.channel is Channel.EMAIL and event.type is EventType.BOUNCED and event.address:
        newest_first = t.messages.c.left_at.desc()
        wanted = wanted.where(_bounceable(event.address, event.occurred_at))
        wanted = wanted.order_by(newest_first).limit(1)
    else:
        return None
    return c.execute(wanted.with_for_update() if lock else wanted).first()


def _bounceable(address: str, at: datetime) -> ColumnElement[bool]:
    """Match the mails that a bounce may be about which says of its mail nothing but the address."""
    return and_(
        t.messages.c.channel == Channel.EMAIL.value,
        t.messages.c.address == address,
        t.messages.c.status.in_([MessageStatus.ACCEPTED.value, MessageStatus.SENT.value]),
        t.messages.c.left_at > at - BOUNCES_WITHIN,
    )


def _store(
    c: Connection, event: DeliveryEvent, received_at: datetime, message_id: str | None
) -> bool:
    stored = c.execute(
        insert_into(c, t.events)
        .values(
            dedupe_key=_key(event),
            channel=event.channel.value,
            type=event.type.value,
            message_id=message_id,
            provider_id=event.provider_id,
            address=event.address,
            reason=_words(event),
            occurred_at=event.occurred_at,
            received_at=received_at,
        )
        .on_conflict_do_nothing()
        .returning(t.events.c.dedupe_key)
    )
    return stored.first() is not None


def _key(event: DeliveryEvent) -> str:
    """Keep keys of two channels apart, and longer ones than the column by their hash."""
    key = f"{event.channel}:{event.dedupe_key}"
    if len(key) <= KEY_LENGTH:
        return key
    return f"{event.channel}:sha256:{hashlib.sha256(event.dedupe_key.encode()).hexdigest()}"


def _words(event: DeliveryEvent) -> str | None:
    return str(event.reason) if event.reason is not None else None
