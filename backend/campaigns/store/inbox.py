"""Conversations: replies by who wrote them, and everything that went to and fro."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, update

from campaigns.model.answer import ANSWERS
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, CustomerId, PersonId
from campaigns.model.lists import InboxFilter, InboxQuery
from campaigns.model.message import Message, MessageStatus
from campaigns.model.reply import Intent, Reply
from campaigns.store import answer_tables as a
from campaigns.store import tables as t
from campaigns.store.codec import dump
from campaigns.store.messages import message
from campaigns.store.replies import reply

# Replies somebody answers, whether or not they were escalated.
ANSWERED_BY_PEOPLE = (
    Intent.ACCEPT,
    Intent.CHANGE_REQUEST,
    Intent.QUESTION,
    Intent.CALLBACK,
    Intent.COMPLAINT,
    Intent.WRONG_PERSON,
)
# Ends and doubts of an answer that a person has to hear of.
WENT_WRONG = (
    MessageStatus.FAILED,
    MessageStatus.SUPPRESSED,
    MessageStatus.SKIPPED,
    MessageStatus.IN_DOUBT,
)
Where = ColumnElement[bool]


class InboxRows:
    """`model.ports.Inbox` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def conversations(self, query: InboxQuery, first: int, limit: int) -> Sequence[Reply]:
        """Return the newest matching reply of each address.

        What needs a person comes with complaints first, then who waits longest; anything else
        newest first.
        """
        newest = (
            select(func.max(t.replies.c.id))
            .where(*self._matching(query))
            .group_by(t.replies.c.channel, t.replies.c.address)
        )
        found = select(t.replies).where(t.replies.c.id.in_(newest))
        if query.filter in (InboxFilter.NEEDS_REPLY, InboxFilter.MINE, InboxFilter.ESCALATED):
            found = found.order_by(t.replies.c.complaint.desc(), t.replies.c.received_at)
        else:
            found = found.order_by(t.replies.c.id.desc())
        return [reply(r) for r in self._c.execute(found.offset(first).limit(limit))]

    def counts(self, query: InboxQuery) -> Mapping[InboxFilter, int]:
        """Return how many conversations each filter holds, all else of the query kept."""
        address = t.replies.c.channel + " " + t.replies.c.address
        return {
            f: self._c.scalar(
                select(func.count(address.distinct())).where(*self._matching(query.under(f)))
            )
            or 0
            for f in InboxFilter
        }

    def waiting(self) -> int:
        """Return how many conversations wait for a person."""
        return self.counts(InboxQuery())[InboxFilter.NEEDS_REPLY]

    def newest(self) -> str:
        """Return the id of the newest reply, "" without any."""
        return self._c.scalar(select(func.max(t.replies.c.id))) or ""

    def replies_from(self, channel: Channel, address: str, limit: int) -> Sequence[Reply]:
        """Return the newest replies from an address, oldest first."""
        rows = self._c.execute(
            select(t.replies)
            .where(t.replies.c.channel == channel.value, t.replies.c.address == address)
            .order_by(t.replies.c.id.desc())
            .limit(limit)
        ).all()
        return [reply(r) for r in reversed(rows)]

    def messages_to(
        self, channel: Channel, address: str, limit: int
    ) -> Sequence[tuple[Message, datetime]]:
        """Return the newest campaign messages that left for an address and when, oldest first."""
        rows = self._c.execute(
            select(t.messages)
            .where(
                t.messages.c.channel == channel.value,
                t.messages.c.address == address,
                t.messages.c.is_test.is_(False),
                t.messages.c.campaign_id != ANSWERS,
                t.messages.c.left_at.is_not(None),
            )
            .order_by(t.messages.c.left_at.desc())
            .limit(limit)
        ).all()
        return [(message(r), r.left_at) for r in reversed(rows)]

    def of_customer(self, customer_id: CustomerId, limit: int) -> Sequence[Reply]:
        """Return the newest replies of a customer, newest first."""
        rows = self._c.execute(
            select(t.replies)
            .where(t.replies.c.customer_id == customer_id)
            .order_by(t.replies.c.id.desc())
            .limit(limit)
        )
        return [reply(r) for r in rows]

    def campaigns_of(
        self, customer_id: CustomerId, limit: int
    ) -> Sequence[tuple[CampaignId, Message]]:
        """Return the newest messages that left for a customer, newest first."""
        rows = self._c.execute(
            select(t.messages)
            .where(
                t.messages.c.customer_id == customer_id,
                t.messages.c.is_test.is_(False),
                t.messages.c.campaign_id != ANSWERS,
                t.messages.c.left_at.is_not(None),
            )
            .order_by(t.messages.c.left_at.desc())
            .limit(limit)
        )
        return [(CampaignId(r.campaign_id), message(r)) for r in rows]

    def reread(self, changed: Reply) -> None:
        """Store another reading or sender of a reply, and what follows from it."""
        self._c.execute(
            update(t.replies)
            .where(t.replies.c.id == changed.id)
            .values(
                customer_id=changed.sender.customer_id if changed.sender else None,
                intent=changed.reading.intent.value,
                escalated=changed.suggestion.escalate,
                complaint=Intent.COMPLAINT in changed.reading.intents,
                record=dump(changed),
            )
        )

    def finish(self, done: Reply, at: datetime) -> bool:
        """Mark a reply and what came before it from the same address as dealt with.

        A reply that is done already is done anew: of an answer to it that went wrong a person
        knows by now. False when nothing of it was open.
        """
        again = self._c.execute(
            update(t.replies)
            .where(t.replies.c.id == done.id, t.replies.c.done_at.is_not(None))
            .values(done_at=at)
        )
        finished = self._c.execute(
            update(t.replies)
            .where(
                t.replies.c.channel == done.channel.value,
                t.replies.c.address == done.address,
                t.replies.c.id <= done.id,
                t.replies.c.done_at.is_(None),
            )
            .values(done_at=at)
        )
        return finished.rowcount > 0 or again.rowcount > 0

    def reopen(self, finished: Reply) -> bool:
        """Take up again what was dealt with together with a reply; False when it was open."""
        reopened = self._c.execute(
            update(t.replies)
            .where(
                t.replies.c.channel == finished.channel.value,
                t.replies.c.address == finished.address,
                t.replies.c.done_at == finished.done_at,
            )
            .values(done_at=None)
        )
        return reopened.rowcount > 0

    def _matching(self, query: InboxQuery) -> list[Where]:
        where = [*_filtered(query.filter, query.person_id)]
        if query.intent is not None:
            where.append(t.replies.c.intent == query.intent.value)
        if query.channel is not None:
            where.append(t.replies.c.channel == query.channel.value)
        if query.campaign_id is not None:
            where.append(t.replies.c.campaign_id == query.campaign_id)
        text = func.lower(t.replies.c.record["text"].as_string())
        name = func.lower(t.replies.c.record["sender"]["customer"].as_string())
        where.extend(
            or_(text.contains(word, autoescape=True), name.contains(word, autoescape=True))
            for word in query.words.lower().split()
        )
        return where


def _filtered(chosen: InboxFilter, person_id: PersonId | None) -> list[Where]:
    open_now = t.replies.c.done_at.is_(None)
    match chosen:
        case InboxFilter.NEEDS_REPLY:
            by_people = t.replies.c.intent.in_([i.value for i in ANSWERED_BY_PEOPLE])
            waits = and_(open_now, or_(t.replies.c.escalated.is_(True), by_people))
            return [or_(waits, _went_wrong())]
        case InboxFilter.MINE:
            return [open_now, _assigned(t.assignments.c.person_id == person_id)]
        case InboxFilter.ESCALATED:
            return [open_now, or_(t.replies.c.escalated.is_(True), _assigned())]
        case InboxFilter.DONE:
            return [t.replies.c.done_at.is_not(None)]
        case InboxFilter.ALL:
            return []


def _went_wrong() -> Where:
    """Match replies whose answer did not arrive, or may not have, since they were done with."""
    return exists().where(
        a.answers.c.reply_id == t.replies.c.id,
        t.messages.c.id == a.answers.c.message_id,
        t.messages.c.status.in_([s.value for s in WENT_WRONG]),
        or_(t.replies.c.done_at.is_(None), t.messages.c.updated_at > t.replies.c.done_at),
    )


def _assigned(*which: Where) -> Where:
    subject = "reply:" + t.replies.c.id
    return (
        select(t.assignments.c.subject)
        .where(and_(t.assignments.c.subject == subject, *which))
        .exists()
    )
