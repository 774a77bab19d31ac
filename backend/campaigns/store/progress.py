"""What becomes of a campaign while it is sent: who waits and why, who was reached, what failed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from campaigns.flow.insight import INTERESTED
from campaigns.model.answer import ANSWERS
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, CustomerId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.reply import Intent
from campaigns.store import tables as t
from campaigns.store.messages import UNTIL_RELEASED, message

REACHED = (MessageStatus.DELIVERED, MessageStatus.READ)
LEFT = (MessageStatus.ACCEPTED, MessageStatus.SENT, *REACHED)
NO_READS = (Channel.LINE,)  # does not report them
TROUBLE = (MessageStatus.FAILED, MessageStatus.IN_DOUBT, MessageStatus.SUPPRESSED)


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits on one channel: how many, until when the first, and why."""

    messages: int
    until: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply to a campaign, as far as counting goes."""

    channel: Channel
    intent: Intent
    customer_id: CustomerId
    at: datetime


@dataclass(frozen=True, slots=True)
class Usual:
    """What became of all other campaigns together; customers are counted once a campaign."""

    ended: int
    delivered: int
    readable: int
    read: int
    customers_reached: int
    customers_replied: int
    customers_interested: int
    customers_opted_out: int


class ProgressRows:
    """`model.ports.Progress` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def queues(self, campaign_id: CampaignId) -> Mapping[Channel, Queue]:
        """Return what is queued on each channel; what is held for a person is not among it."""
        waiting = and_(
            *_of(campaign_id),
            t.messages.c.status == MessageStatus.QUEUED.value,
            or_(t.messages.c.not_before.is_(None), t.messages.c.not_before < UNTIL_RELEASED),
        )
        rows = self._c.execute(
            select(
                t.messages.c.channel,
                func.count(),
                func.min(t.messages.c.not_before),
                func.max(t.messages.c.reason),
            )
            .where(waiting)
            .group_by(t.messages.c.channel)
        )
        return {
            Channel(channel): Queue(n, _instant(until), reason)
            for channel, n, until, reason in rows
        }

    def reached(self, campaign_id: CampaignId) -> int:
        """Return how many customers got at least one message delivered."""
        return self._customers(
            t.messages.c.campaign_id == campaign_id,
            t.messages.c.status.in_([s.value for s in REACHED]),
        )

    def left_since(self, campaign_id: CampaignId, since: datetime) -> int:
        """Return how many messages of the campaign left since then."""
        return (
            self._c.scalar(
                select(func.count())
                .select_from(t.messages)
                .where(*_of(campaign_id), t.messages.c.left_at >= since)
            )
            or 0
        )

    def answers(self, campaign_id: CampaignId) -> Sequence[Answer]:
        """Return every reply of known customers to the campaign, oldest first."""
        rows = self._c.execute(
            select(
                t.replies.c.channel,
                t.replies.c.intent,
                t.replies.c.customer_id,
                t.replies.c.received_at,
            )
            .where(t.replies.c.campaign_id == campaign_id, t.replies.c.customer_id.is_not(None))
            .order_by(t.replies.c.received_at)
        )
        return [Answer(Channel(c), Intent(i), CustomerId(who), at) for c, i, who, at in rows]

    def usual(self, campaign_id: CampaignId) -> Usual:
        """Return what became of all other campaigns together."""
        others = [
            t.messages.c.campaign_id.not_in([campaign_id, ANSWERS]),
            t.messages.c.is_test.is_(False),
        ]
        status, channel = t.messages.c.status, t.messages.c.channel
        counts = {
            (MessageStatus(s), Channel(ch)): n
            for s, ch, n in self._c.execute(
                select(status, channel, func.count()).where(*others).group_by(status, channel)
            )
        }

        def total(states: Collection[MessageStatus], but: Collection[Channel] = ()) -> int:
            return sum(n for (s, ch), n in counts.items() if s in states and ch not in but)

        return Usual(
            ended=total((*LEFT, MessageStatus.FAILED)),
            delivered=total(REACHED),
            readable=total(REACHED, NO_READS),
            read=total((MessageStatus.READ,), NO_READS),
            customers_reached=self._customers(
                t.messages.c.campaign_id.not_in([campaign_id, ANSWERS]),
                status.in_([s.value for s in REACHED]),
            ),
            customers_replied=self._answered(
                campaign_id, t.replies.c.intent != Intent.OUT_OF_OFFICE.value
            ),
            customers_interested=self._answered(
                campaign_id, t.replies.c.intent.in_([i.value for i in INTERESTED])
            ),
            customers_opted_out=self._answered(
                campaign_id, t.replies.c.intent == Intent.OPT_OUT.value
            ),
        )

    def _answered(self, campaign_id: CampaignId, meant: ColumnElement[bool]) -> int:
        """Return how many customers answered other campaigns so, each counted once a campaign."""
        each = (t.replies.c.campaign_id + " " + t.replies.c.customer_id).distinct()
        found = select(func.count(each)).where(t.replies.c.campaign_id != campaign_id, meant)
        return self._c.scalar(found) or 0

    def troubles(self, campaign_id: CampaignId, limit: int) -> tuple[Sequence[Message], int]:
        """Return messages that did not arrive or wait for a decision, and how many there are."""
        where = and_(
            *_of(campaign_id),
            or_(
                t.messages.c.status.in_([s.value for s in TROUBLE]),
                and_(
                    t.messages.c.status == MessageStatus.QUEUED.value,
                    t.messages.c.not_before >= UNTIL_RELEASED,
                ),
            ),
        )
        return self._messages(where, 0, limit)

    def recipients(
        self,
        campaign_id: CampaignId,
        statuses: Collection[MessageStatus],
        channel: Channel | None,
        first: int,
        limit: int,
    ) -> tuple[Sequence[Message], int]:
        """Return messages in any of `statuses` (none means all) on a channel, and how many."""
        where = _of(campaign_id)
        if statuses:
            where.append(t.messages.c.status.in_([s.value for s in statuses]))
        if channel is not None:
            where.append(t.messages.c.channel == channel.value)
        return self._messages(and_(*where), first, limit)

    def tests(self, campaign_id: CampaignId) -> Sequence[Message]:
        """Return the campaign's test messages."""
        rows = self._c.execute(
            select(t.messages)
            .where(t.messages.c.campaign_id == campaign_id, t.messages.c.is_test.is_(True))
            .order_by(t.messages.c.id)
        )
        return [message(r) for r in rows]

    def _messages(
        self, where: ColumnElement[bool], first: int, limit: int
    ) -> tuple[Sequence[Message], int]:
        total = self._c.scalar(select(func.count()).select_from(t.messages).where(where)) or 0
        rows = self._c.execute(
            select(t.messages).where(where).order_by(t.messages.c.id).offset(first).limit(limit)
        )
        return [message(r) for r in rows], total

    def _customers(self, *where: ColumnElement[bool]) -> int:
        each = (t.messages.c.campaign_id + " " + t.messages.c.customer_id).distinct()
        found = select(func.count(each)).where(t.messages.c.is_test.is_(False), *where)
        return self._c.scalar(found) or 0


def _of(campaign_id: CampaignId) -> list[ColumnElement[bool]]:
    return [t.messages.c.campaign_id == campaign_id, t.messages.c.is_test.is_(False)]


def _instant(value: datetime | str | None) -> datetime | None:
    """Read an aggregate of instants, which SQLite gives as text."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value
