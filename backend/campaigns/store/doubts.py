"""Messages of which nobody knows whether they left, and what may be done about that.

A doubt begins when an attempt left and no clear answer came. It ends with a provider's word or
a person's decision, and by nothing else: a message queued again meanwhile, because its provider
recognises a repeated request, never ends as cancelled or suppressed while it lasts.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, case, exists, func, literal, or_, select, update

from campaigns.model.campaign import CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import MessageStatus
from campaigns.store import tables as t
from campaigns.store.batch_tables import in_newest_attempt

CHUNK = 500
FIRST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=30)
MOST_AT_ONCE = 200


def begin(c: Connection, message_id: str) -> None:
    """Note that a message's newest attempt left and no clear answer came."""
    since = func.coalesce(t.messages.c.doubt_since, t.messages.c.left_at)
    c.execute(update(t.messages).where(t.messages.c.id == message_id).values(doubt_since=since))


def end(c: Connection, message_id: str) -> None:
    """Note that it is known now what became of a message."""
    c.execute(update(t.messages).where(t.messages.c.id == message_id).values(doubt_since=None))


def since(c: Connection, message_ids: Collection[str]) -> Mapping[MessageId, datetime]:
    """Return since when it is not known of a message whether it left; absent means known."""
    found = {}
    ids = list(message_ids)
    for first in range(0, len(ids), CHUNK):
        rows = c.execute(
            select(t.messages.c.id, t.messages.c.doubt_since).where(
                t.messages.c.id.in_(ids[first : first + CHUNK]),
                t.messages.c.doubt_since.is_not(None),
            )
        )
        found.update({MessageId(row.id): row.doubt_since for row in rows})
    return found


def unless_in_doubt(status: MessageStatus) -> ColumnElement[str]:
    """Return `status` for messages without a doubt, in doubt for the others."""
    return case(
        (t.messages.c.doubt_since.is_not(None), literal(MessageStatus.IN_DOUBT.value)),
        else_=literal(status.value),
    )


def repeat(
    c: Connection, channel: Channel, since: datetime, at: datetime
) -> Collection[CampaignId]:
    """Queue messages in doubt again that rested for long enough; return their campaigns."""
    sending = exists().where(
        t.campaigns.c.id == t.messages.c.campaign_id,
        t.campaigns.c.status == CampaignStatus.SENDING.value,
    )
    suppressed = exists().where(
        t.suppressions.c.channel == t.messages.c.channel,
        t.suppressions.c.address == t.messages.c.address,
    )
    # Attempts that left: a claim given back, or lost with its worker, asked nobody.
    asked = (
        select(func.count())
        .select_from(t.attempts)
        .where(t.attempts.c.message_id == t.messages.c.id, t.attempts.c.left_at.is_not(None))
        .scalar_subquery()
    )
    doubtful = c.execute(
        select(
            t.messages.c.id,
            t.messages.c.attempt,
            asked.label("asked"),
            t.messages.c.updated_at,
            t.messages.c.campaign_id,
        )
        .where(
            t.messages.c.status == "in_doubt",  # spelled out, for the partial index to match
            t.messages.c.channel == channel.value,
            t.messages.c.doubt_since >= since,
            or_(t.messages.c.is_test.is_(True), sending),
            ~suppressed,
            ~in_newest_attempt(),  # repeated as a whole, by `store.batches`
        )
        .limit(MOST_AT_ONCE)
    ).all()
    due = [row for row in doubtful if rested(row.updated_at, row.asked, at)]
    for row in due:
        c.execute(
            update(t.messages)
            .where(
                t.messages.c.id == row.id,
                t.messages.c.attempt == row.attempt,
                t.messages.c.status == MessageStatus.IN_DOUBT.value,
            )
            .values(status=MessageStatus.QUEUED.value, not_before=at, updated_at=at)
        )
    return {CampaignId(row.campaign_id) for row in due}


def rested(since: datetime, asked: int, at: datetime) -> bool:
    """Whether a request in doubt since then, made `asked` times, may be repeated at `at`."""
    return since + rest(asked) <= at


def rest(asked: int) -> timedelta:
    """Return how long a request in doubt rests that was made `asked` times."""
    factor: int = 2 ** min(max(asked - 1, 0), 10)
    return min(FIRST_REST * factor, LONGEST_REST)
