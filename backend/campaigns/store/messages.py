"""Messages as written, checked and approved; `store.outbox` sends them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    delete,
    false,
    func,
    insert,
    select,
    update,
)

from campaigns.model.answer import ANSWERS
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, CustomerId, MessageId
from campaigns.model.message import Fate, Message, MessageStatus, MessageStep
from campaigns.model.outlook import Waiting
from campaigns.store import tables as t
from campaigns.store.codec import dump, load
from campaigns.store.database import streamed
from campaigns.store.paging import next_cursor

# Held until a person decides; a time that sorts after every other.
UNTIL_RELEASED = datetime(9999, 12, 31, tzinfo=UTC)
# A customer was written to, or may have been.
WRITTEN = (
    MessageStatus.SENDING,
    MessageStatus.IN_DOUBT,
    MessageStatus.ACCEPTED,
    MessageStatus.SENT,
    MessageStatus.DELIVERED,
    MessageStatus.READ,
)
_IN_DOUBT = (
    t.messages.c.status == MessageStatus.IN_DOUBT.value,
    t.messages.c.is_test.is_(False),
)


class MessageRows:
    """`model.ports.Messages` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def replace_drafts(self, campaign_id: CampaignId, messages: Sequence[Message]) -> None:
        """Drop the campaign's messages that never left, tests aside, and store these."""
        self._c.execute(
            delete(t.messages).where(
                t.messages.c.campaign_id == campaign_id,
                t.messages.c.is_test.is_(False),
                t.messages.c.attempt == 0,
            )
        )
        self.add(messages)

    def add(self, messages: Sequence[Message]) -> None:
        """Store new messages."""
        if messages:
            self._c.execute(insert(t.messages), [{"id": m.id, **_columns(m)} for m in messages])

    def drop_tests(self, campaign_id: CampaignId) -> None:
        """Forget earlier test messages, so that a test can be sent again."""
        self._c.execute(
            delete(t.messages).where(
                t.messages.c.campaign_id == campaign_id, t.messages.c.is_test.is_(True)
            )
        )

    def get(self, message_id: MessageId) -> Message | None:
        """Return one message with its history."""
        row = self._c.execute(select(t.messages).where(t.messages.c.id == message_id)).first()
        return replace(message(row), history=self._history(message_id)) if row else None

    def page(
        self,
        campaign_id: CampaignId,
        cursor: str,
        limit: int,
        *,
        tests: bool = False,
    ) -> tuple[Sequence[Message], str | None]:
        """Return a page ordered by id, each with its history."""
        rows = self._c.execute(
            select(t.messages)
            .where(
                t.messages.c.campaign_id == campaign_id,
                t.messages.c.is_test.is_(tests),
                t.messages.c.id > cursor,
            )
            .order_by(t.messages.c.id)
            .limit(limit + 1)
        ).all()
        shown = [replace(message(r), history=self._history(r.id)) for r in rows[:limit]]
        return shown, next_cursor(rows, limit, lambda r: str(r.id))

    def all(self, campaign_id: CampaignId) -> Sequence[Message]:
        """Return every message that is no test, ordered by id, without history."""
        return list(self.each(campaign_id))

    def each(self, campaign_id: CampaignId) -> Iterator[Message]:
        """Yield the messages of `all` without having them in memory together."""
        # By code points, as an approval's hash is: a database's own language may put aa after z.
        by_bytes = "C" if self._c.dialect.name == "postgresql" else "BINARY"
        found = (
            select(t.messages)
            .where(t.messages.c.campaign_id == campaign_id, t.messages.c.is_test.is_(False))
            .order_by(t.messages.c.id.collate(by_bytes))
        )
        return (message(r) for r in streamed(self._c, found))

    def blocked(self, campaign_id: CampaignId) -> Iterator[Message]:
        """Yield those of `each` that the fact guard blocks."""
        mine = _of(campaign_id, [MessageStatus.BLOCKED])
        found = select(t.messages).where(*mine).order_by(t.messages.c.id)
        return (message(r) for r in streamed(self._c, found))

    def fates(self, campaign_id: CampaignId) -> Iterator[Fate]:
        """Yield what became of every message that is no test, customer by customer, oldest first."""
        m = t.messages.c
        found = (
            select(m.customer_id, m.channel, m.status, m.reason)
            .where(m.campaign_id == campaign_id, m.is_test.is_(False))
            .order_by(m.customer_id, m.id)
        )
        for row in streamed(self._c, found):
            yield Fate(row.customer_id, Channel(row.channel), MessageStatus(row.status), row.reason)

    def edit(self, changed: Message, old: Iterable[MessageStatus]) -> bool:
        """Store a changed message when its status is one of `old`; return whether it was."""
        done = self._c.execute(
            update(t.messages)
            .where(
                t.messages.c.id == changed.id,
                t.messages.c.status.in_([s.value for s in old]),
            )
            .values(**_columns(changed))
        )
        return done.rowcount == 1

    def edit_all(self, changed: Sequence[Message], old: MessageStatus) -> bool:
        """Store changed messages whose status is `old`; return whether that of all of them was."""
        if not changed:
            return True
        done = self._c.execute(
            update(t.messages).where(
                t.messages.c.id == bindparam("changed_id"), t.messages.c.status == old.value
            ),
            [{"changed_id": m.id, **_columns(m)} for m in changed],
        )
        return done.rowcount == len(changed)

    def move_all(
        self,
        campaign_id: CampaignId,
        old: Iterable[MessageStatus],
        new: MessageStatus,
        at: datetime,
        reason: str | None = None,
    ) -> int:
        """Move every message of the campaign that is in `old`, tests aside; return how many."""
        done = self._c.execute(
            update(t.messages)
            .where(*_of(campaign_id, old))
            .values(status=new.value, reason=reason, updated_at=at)
        )
        return done.rowcount

    def queue(
        self, campaign_id: CampaignId, customer_id: CustomerId | None, due: datetime, at: datetime
    ) -> Mapping[Channel, int]:
        """Queue the campaign's approved messages, or one customer's, to leave from `due` on.

        Returns how many were queued by channel.
        """
        where = _of(campaign_id, [MessageStatus.APPROVED])
        if customer_id is not None:
            where.append(t.messages.c.customer_id == customer_id)
        queued = update(t.messages).values(
            status=MessageStatus.QUEUED.value, reason=None, not_before=due, updated_at=at
        )
        # One statement a channel counts a million rows without bringing them here.
        counts = {
            channel: self._c.execute(
                queued.where(*where, t.messages.c.channel == channel.value)
            ).rowcount
            for channel in Channel
        }
        return {channel: n for channel, n in counts.items() if n}

    def places(
        self, campaign_id: CampaignId, states: Iterable[MessageStatus]
    ) -> Mapping[tuple[Channel, str, str], int]:
        """Return how many messages in these states there are by channel, time zone and country.

        Zone and country are "" where they are not known.
        """
        zone = t.messages.c.record["timezone"].as_string()
        country = t.messages.c.record["country"].as_string()
        channel = t.messages.c.channel
        rows = self._c.execute(
            select(channel, zone, country, func.count())
            .where(*_of(campaign_id, states))
            .group_by(channel, zone, country)
        )
        return {(Channel(ch), at or "", where or ""): n for ch, at, where, n in rows}

    def put_off(self, campaign_id: CampaignId, zone: str, until: datetime, reason: str) -> int:
        """Have the queued messages of a time zone wait until then at least; return how many."""
        done = self._c.execute(
            update(t.messages)
            .where(
                *_of(campaign_id, [MessageStatus.QUEUED]),
                t.messages.c.record["timezone"].as_string() == zone,
                t.messages.c.not_before < until,
            )
            .values(not_before=until, reason=reason)
        )
        return done.rowcount

    def skip_channel(
        self, campaign_id: CampaignId, channel: Channel, reason: str, at: datetime
    ) -> int:
        """End the campaign's approved messages on one channel as skipped; return how many."""
        done = self._c.execute(
            update(t.messages)
            .where(
                *_of(campaign_id, [MessageStatus.APPROVED]), t.messages.c.channel == channel.value
            )
            .values(status=MessageStatus.SKIPPED.value, reason=reason, updated_at=at)
        )
        return done.rowcount

    def counts(
        self, campaign_id: CampaignId, *, tests: bool = False
    ) -> Mapping[tuple[Channel, MessageStatus], int]:
        """Return how many of the campaign's messages are in each state, by channel."""
        rows = self._c.execute(
            select(t.messages.c.channel, t.messages.c.status, func.count())
            .where(t.messages.c.campaign_id == campaign_id, t.messages.c.is_test.is_(tests))
            .group_by(t.messages.c.channel, t.messages.c.status)
        )
        return {(Channel(channel), MessageStatus(status)): n for channel, status, n in rows}

    def left_since(self, channel: Channel, address: str, since: datetime) -> Sequence[datetime]:
        """Return when messages of campaigns left for an address since then, oldest first."""
        return list(
            self._c.scalars(
                select(t.messages.c.left_at)
                .where(
                    t.messages.c.channel == channel.value,
                    t.messages.c.address == address,
                    t.messages.c.left_at >= since,
                    t.messages.c.is_test.is_(False),
                    t.messages.c.campaign_id != ANSWERS,
                )
                .order_by(t.messages.c.left_at)
            )
        )

    def written_since(
        self, customers: Collection[CustomerId], since: datetime, besides: CampaignId
    ) -> Mapping[CustomerId, datetime]:
        """Return when another campaign last wrote to each of these customers since then.

        Neither what failed counts nor a campaign that was rolled back, tests aside.
        """
        m, c = t.messages.c, t.campaigns.c
        rows = self._c.execute(
            select(m.customer_id, func.max(m.left_at))
            .join(t.campaigns, c.id == m.campaign_id)
            .where(
                m.customer_id.in_(customers),
                m.left_at > since,
                m.status.in_([s.value for s in WRITTEN]),
                m.is_test.is_(False),
                m.campaign_id.not_in([besides, ANSWERS]),
                ~func.coalesce(c.record["rolled_back"].as_boolean(), false()),
            )
            .group_by(m.customer_id)
        )
        return {CustomerId(customer_id): at for customer_id, at in rows}

    def in_doubt(self, limit: int, campaign_id: CampaignId | None = None) -> Sequence[Message]:
        """Return messages in doubt, the longest first, tests aside."""
        query = select(t.messages).where(*_IN_DOUBT)
        if campaign_id is not None:
            query = query.where(t.messages.c.campaign_id == campaign_id)
        return [
            message(row)
            for row in self._c.execute(query.order_by(t.messages.c.updated_at).limit(limit))
        ]

    def count_in_doubt(self) -> int:
        """Return how many messages are in doubt, tests aside."""
        counted = select(func.count()).select_from(t.messages).where(*_IN_DOUBT)
        return self._c.execute(counted).scalar_one()

    def waiting(self, campaign_id: CampaignId) -> Sequence[Waiting]:
        """Return the campaign's queued messages by channel and reason, with the earliest time."""
        until = func.min(t.messages.c.not_before)
        rows = self._c.execute(
            select(t.messages.c.channel, t.messages.c.reason, func.count(), until)
            .where(
                t.messages.c.campaign_id == campaign_id,
                t.messages.c.is_test.is_(False),
                t.messages.c.status == MessageStatus.QUEUED.value,
            )
            .group_by(t.messages.c.channel, t.messages.c.reason)
            .order_by(t.messages.c.channel, until)
        )
        return [
            Waiting(
                channel=Channel(channel),
                messages=n,
                reason=reason or "",
                until=None if at == UNTIL_RELEASED else at,
            )
            for channel, reason, n, at in rows
        ]

    def latest_to(self, channel: Channel, address: str) -> Message | None:
        """Return the newest message of a campaign that left for this address, tests aside."""
        row = self._c.execute(
            select(t.messages)
            .where(
                t.messages.c.channel == channel.value,
                t.messages.c.address == address,
                t.messages.c.is_test.is_(False),
                t.messages.c.campaign_id != ANSWERS,
                t.messages.c.left_at.is_not(None),
            )
            .order_by(t.messages.c.left_at.desc())
            .limit(1)
        ).first()
        return message(row) if row else None

    def _history(self, message_id: str) -> tuple[MessageStep, ...]:
        attempts = self._c.execute(select(t.attempts).where(t.attempts.c.message_id == message_id))
        events = self._c.execute(select(t.events).where(t.events.c.message_id == message_id))
        steps = [
            MessageStep(
                at=a.ended_at or a.left_at,
                what=f"attempt {a.attempt}: {a.outcome or 'under way'}",
                detail=a.detail or "",
            )
            for a in attempts
            if a.ended_at or a.left_at
        ]
        steps += [MessageStep(at=e.occurred_at, what=e.type, detail=e.reason or "") for e in events]
        return tuple(sorted(steps, key=lambda s: s.at))


def _of(campaign_id: CampaignId, states: Iterable[MessageStatus]) -> list[ColumnElement[bool]]:
    return [
        t.messages.c.campaign_id == campaign_id,
        t.messages.c.is_test.is_(False),
        t.messages.c.status.in_([s.value for s in states]),
    ]


def _columns(m: Message) -> dict[str, object]:
    return {
        "campaign_id": m.campaign_id,
        "customer_id": m.customer_id,
        "contact_id": m.contact_id,
        "channel": m.channel.value,
        "address": m.address,
        "is_test": m.is_test,
        "status": m.status.value,
        "reason": m.reason,
        "attempt": m.attempt,
        "provider_id": m.provider_id,
        "not_before": m.not_before,
        "updated_at": m.updated_at,
        "record": dump(replace(m, history=())),
    }


def message(row: Row[Any]) -> Message:
    """Read a message; the columns win over the record, for they are what transitions change."""
    return replace(
        load(Message, row.record),
        status=MessageStatus(row.status),
        reason=row.reason,
        attempt=row.attempt,
        provider_id=row.provider_id,
        not_before=row.not_before,
        updated_at=row.updated_at,
    )
