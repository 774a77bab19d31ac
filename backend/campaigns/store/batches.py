"""Messages that leave in one request: frozen before its first attempt, repeated whole or never.

A provider that recognises a repeated request (LINE, by its key) does so for the same bytes, so
for the same recipients. Who is in a batch is therefore written down in the transaction that has
it leave. It is repeated only while nobody knows of any of its messages what became of it, and
none of them is held back; as soon as one is known to have arrived, all have.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    true,
    update,
)

from campaigns.model.campaign import CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.ids import BatchId, CampaignId, MessageId
from campaigns.model.message import Message, MessageStatus
from campaigns.store import attempts, doubts
from campaigns.store import batch_tables as b
from campaigns.store import tables as t
from campaigns.store.messages import UNTIL_RELEASED, message

ARRIVED = (
    MessageStatus.ACCEPTED.value,
    MessageStatus.SENT.value,
    MessageStatus.DELIVERED.value,
    MessageStatus.READ.value,
)
# Spelled out as the partial index has it, for it to match.
IN_DOUBT = text("messages.status = 'in_doubt'")
TOGETHER = "one of the same request arrived, so all of it did"


class BatchRows:
    """`model.ports.Batches` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def leave(
        self, batch_id: BatchId, messages: Sequence[Message], at: datetime
    ) -> Collection[MessageId]:
        """Have those of the messages leave together that still may; they are the batch from then on."""
        left = [m for m in messages if attempts.leaving(self._c, m.id, m.attempt, at)]
        if left:
            rows = [{"batch_id": batch_id, "message_id": m.id, "attempt": m.attempt} for m in left]
            self._c.execute(insert(b.batch_members), rows)
        return [m.id for m in left]

    def dissolve(self, batch_id: BatchId) -> None:
        """Forget a batch of which nothing was taken: its messages are like any others again."""
        self._c.execute(delete(b.batch_members).where(b.batch_members.c.batch_id == batch_id))

    def batched(self, message_ids: Collection[MessageId]) -> Collection[MessageId]:
        """Return those of the messages that are, or were, in a batch."""
        member = b.batch_members.c.message_id
        rows = self._c.execute(select(member).where(member.in_(message_ids)).distinct())
        return {MessageId(row.message_id) for row in rows}

    def arrived(self, at: datetime) -> int:
        """Settle what is in doubt in batches of which one is known to have arrived; how many."""
        doubtful = self._doubtful()
        proven = (
            select(b.batch_members.c.batch_id)
            .join(t.messages, t.messages.c.id == b.batch_members.c.message_id)
            .where(
                b.batch_members.c.batch_id.in_(doubtful),
                b.batch_members.c.attempt == t.messages.c.attempt,
                t.messages.c.status.in_(ARRIVED),
            )
        )
        if not doubtful or not (found := self._c.scalars(proven.distinct()).all()):
            return 0
        settled = self._c.execute(
            update(t.messages)
            .where(IN_DOUBT, _newest_in(found))
            .values(
                status=MessageStatus.ACCEPTED.value,
                reason=TOGETHER,
                doubt_since=None,
                updated_at=at,
            )
        )
        return settled.rowcount

    def due(
        self, channel: Channel, since: datetime, at: datetime, campaign_id: CampaignId | None = None
    ) -> Mapping[BatchId, CampaignId]:
        """Return the batches to repeat now, and their campaigns."""
        doubtful = self._doubtful(
            t.messages.c.channel == channel.value,
            true() if campaign_id is None else t.messages.c.campaign_id == campaign_id,
        )
        if not doubtful:
            return {}
        rows = self._c.execute(
            select(
                b.batch_members.c.batch_id,
                t.messages.c.campaign_id,
                t.messages.c.attempt,
                t.messages.c.updated_at,
                _repeatable(since, at).label("repeatable"),
            )
            .join(t.messages, t.messages.c.id == b.batch_members.c.message_id)
            .where(b.batch_members.c.batch_id.in_(doubtful))
            .order_by(b.batch_members.c.batch_id)
        )
        batches = [[*members] for _, members in groupby(rows, key=lambda row: row.batch_id)]
        return {
            BatchId(members[0].batch_id): CampaignId(members[0].campaign_id)
            for members in batches
            if all(m.repeatable and doubts.rested(m.updated_at, m.attempt, at) for m in members)
        }

    def take(self, batch_id: BatchId, worker: str, at: datetime) -> Sequence[Message]:
        """Claim all of a batch that is to be repeated, in the order it is sent in.

        Where somebody else was faster with one of it, fewer come back than `size` says.
        """
        members = select(b.batch_members.c.message_id).where(b.batch_members.c.batch_id == batch_id)
        taken = self._c.execute(
            update(t.messages)
            .where(t.messages.c.id.in_(members), IN_DOUBT)
            .values(
                status=MessageStatus.CLAIMED.value,
                attempt=t.messages.c.attempt + 1,
                worker=worker,
                updated_at=at,
            )
            .returning(t.messages)
        ).all()
        self._c.execute(
            update(b.batch_members)
            .where(b.batch_members.c.batch_id == batch_id)
            .values(attempt=b.batch_members.c.attempt + 1)
        )
        return sorted((message(row) for row in taken), key=lambda m: m.id)

    def size(self, batch_id: BatchId) -> int:
        """Return how many messages a batch has."""
        found = select(func.count()).where(b.batch_members.c.batch_id == batch_id)
        return self._c.execute(found).scalar_one()

    def leave_again(self, messages: Sequence[Message], at: datetime) -> bool:
        """Have a taken batch leave once more; when False, some must not, and so none may."""
        return all(attempts.leaving(self._c, m.id, m.attempt, at) for m in messages)

    def rest(self, batch_id: BatchId, until: datetime | None, at: datetime) -> None:
        """Repeat a batch not before `until`; without it, never by itself."""
        members = select(b.batch_members.c.message_id).where(b.batch_members.c.batch_id == batch_id)
        self._c.execute(
            update(t.messages)
            .where(
                t.messages.c.id.in_(members), t.messages.c.status == MessageStatus.IN_DOUBT.value
            )
            .values(not_before=UNTIL_RELEASED if until is None else until, updated_at=at)
        )

    def _doubtful(self, *which: ColumnElement[bool]) -> Sequence[str]:
        """Return the batches whose newest attempt left messages that match in doubt."""
        found = (
            select(b.batch_members.c.batch_id)
            .join(t.messages, t.messages.c.id == b.batch_members.c.message_id)
            .where(IN_DOUBT, b.batch_members.c.attempt == t.messages.c.attempt, *which)
        )
        return self._c.scalars(found.distinct()).all()


def _newest_in(batch_ids: Sequence[str]) -> ColumnElement[bool]:
    return exists().where(
        b.batch_members.c.message_id == t.messages.c.id,
        b.batch_members.c.attempt == t.messages.c.attempt,
        b.batch_members.c.batch_id.in_(batch_ids),
    )


def _repeatable(since: datetime, at: datetime) -> ColumnElement[bool]:
    """Match messages that may be sent once more in their batch, by all that the rows say."""
    suppressed = exists().where(
        t.suppressions.c.channel == t.messages.c.channel,
        t.suppressions.c.address == t.messages.c.address,
    )
    sending = exists().where(
        t.campaigns.c.id == t.messages.c.campaign_id,
        t.campaigns.c.status == CampaignStatus.SENDING.value,
    )
    return and_(
        t.messages.c.status == MessageStatus.IN_DOUBT.value,
        t.messages.c.attempt == b.batch_members.c.attempt,
        func.coalesce(t.messages.c.doubt_since, t.messages.c.updated_at) >= since,
        or_(t.messages.c.not_before.is_(None), t.messages.c.not_before <= at),
        ~suppressed,
        sending,
    )
