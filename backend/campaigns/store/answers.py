"""Answers to replies, and who is looking at a conversation."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, Select, func, insert, select, update

from campaigns.model.answer import ANSWERS
from campaigns.model.campaign import Campaign
from campaigns.model.errors import WrongState
from campaigns.model.ids import MessageId, PersonId, ReplyId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.reply import Reply
from campaigns.store import answer_tables as a
from campaigns.store import tables as t
from campaigns.store.campaigns import columns
from campaigns.store.database import insert_into
from campaigns.store.messages import MessageRows, message

# An answer in one of these reached nobody and stands in nobody's way.
CAME_TO_NOTHING = (
    MessageStatus.CANCELLED,
    MessageStatus.FAILED,
    MessageStatus.SUPPRESSED,
    MessageStatus.SKIPPED,
)


class AnswerRows:
    """`model.ports.Answers` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def lock(self, reply: Reply) -> None:
        """Have nobody else answer in the reply's conversation until the transaction ends."""
        if self._c.dialect.name == "postgresql":  # SQLite has one writer by nature
            first = (
                select(t.replies.c.id)
                .where(
                    t.replies.c.channel == reply.channel.value,
                    t.replies.c.address == reply.address,
                )
                .order_by(t.replies.c.id)
                .limit(1)
            )
            self._c.execute(first.with_for_update())

    def open_lane(self, lane: Campaign) -> None:
        """Store the campaign that stands for all answers, unless it is there."""
        row = insert_into(self._c, t.campaigns).values(id=lane.id, **columns(lane))
        self._c.execute(row.on_conflict_do_nothing())

    def add(self, answer: Message, reply: Reply) -> None:
        """Store a new answer to a reply."""
        if answer.answer is None:
            raise WrongState(f"Message {answer.id} is no answer.")
        MessageRows(self._c).add([answer])
        self._c.execute(
            insert(a.answers).values(
                message_id=answer.id,
                reply_id=reply.id,
                channel=reply.channel.value,
                address=reply.address,
                at=answer.answer.written_at,
            )
        )

    def standing(self, reply: Reply) -> Message | None:
        """Return the newest answer in the reply's conversation that is not known to be unsent."""
        found = self._in(reply).where(
            t.messages.c.status.not_in([s.value for s in CAME_TO_NOTHING])
        )
        row = self._c.execute(found.limit(1)).first()
        return message(row) if row else None

    def in_conversation(self, reply: Reply, limit: int) -> Sequence[Message]:
        """Return the newest answers of a conversation, those taken back aside, oldest first."""
        found = self._in(reply).where(t.messages.c.status != MessageStatus.CANCELLED.value)
        return [message(row) for row in reversed(self._c.execute(found.limit(limit)).all())]

    def to(self, reply_id: ReplyId) -> Sequence[MessageId]:
        """Return the answers to one reply, also those taken back, oldest first."""
        rows = self._c.scalars(
            select(a.answers.c.message_id)
            .where(a.answers.c.reply_id == reply_id)
            .order_by(a.answers.c.at, a.answers.c.message_id)
        )
        return [MessageId(i) for i in rows]

    def take_back(self, message_id: MessageId, at: datetime) -> bool:
        """Cancel an answer that has not left; False when it has, may have, or is leaving."""
        done = self._c.execute(
            update(t.messages)
            .where(
                t.messages.c.id == message_id,
                t.messages.c.campaign_id == ANSWERS,
                t.messages.c.status == MessageStatus.QUEUED.value,
                t.messages.c.doubt_since.is_(None),
            )
            .values(status=MessageStatus.CANCELLED.value, reason=None, updated_at=at)
        )
        return done.rowcount == 1

    def changed_at(self) -> datetime | None:
        """Return when anything last became of any answer, None without any."""
        latest = select(func.max(t.messages.c.updated_at)).where(
            t.messages.c.campaign_id == ANSWERS
        )
        found: datetime | None = self._c.scalar(latest)
        return found

    # --- who is looking --------------------------------------------------------------------------

    def look(self, subject: str, person_id: PersonId, at: datetime) -> None:
        """Note that somebody has a conversation open."""
        row = insert_into(self._c, a.attention).values(subject=subject, person_id=person_id, at=at)
        self._c.execute(
            row.on_conflict_do_update(
                index_elements=[a.attention.c.subject, a.attention.c.person_id],
                set_={"at": at},
            )
        )

    def looking(self, subject: str, since: datetime) -> Collection[PersonId]:
        """Return who has had a conversation open since then."""
        rows = self._c.scalars(
            select(a.attention.c.person_id).where(
                a.attention.c.subject == subject, a.attention.c.at >= since
            )
        )
        return {PersonId(i) for i in rows}

    def _in(self, reply: Reply) -> Select[tuple[object, ...]]:
        return (
            select(t.messages)
            .join(a.answers, a.answers.c.message_id == t.messages.c.id)
            .where(
                a.answers.c.channel == reply.channel.value,
                a.answers.c.address == reply.address,
            )
            .order_by(a.answers.c.at.desc(), a.answers.c.message_id.desc())
        )
