"""Accounts and permits: an exact quota per rolling window, shared by every process.

A claim first updates the account's row, which lets one claim at a time through on either
database, then counts the ledger: rows that left within the window, and rows claimed that have
not left yet, however old. A row gets its time when its message leaves, so the window is
measured on what left and not on what was planned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, or_, select, update

from campaigns.model.customer import Channel
from campaigns.model.delivery import Quota, QuotaUse
from campaigns.store import tables as t
from campaigns.store.account_tables import accounts
from campaigns.store.database import insert_into

_TIME = "%Y-%m-%d %H:%M UTC"


@dataclass(frozen=True, slots=True)
class Halt:
    """Why nothing may leave on a channel, and until when; None: until a person reopens it."""

    reason: str
    until: datetime | None

    def lasts(self, now: datetime) -> bool:
        """Whether it still holds at `now`."""
        return self.until is None or now < self.until

    def __str__(self) -> str:
        return self.reason if self.until is None else f"{self.reason} (until {self.until:{_TIME}})"


def lock_account(c: Connection, channel: Channel) -> Halt | None:
    """Take the account's row until the transaction ends; return its last halt, if not reopened."""
    lock = (
        update(accounts)
        .where(accounts.c.channel == channel.value)
        .values(claims=accounts.c.claims + 1)
        .returning(accounts.c.halted, accounts.c.halted_until)
    )
    row = c.execute(lock).first()
    if row is None:
        first = {"channel": channel.value, "claims": 0}
        c.execute(insert_into(c, accounts).values(first).on_conflict_do_nothing())
        row = c.execute(lock).one()
    return None if row.halted is None else Halt(row.halted, row.halted_until)


def halt(c: Connection, channel: Channel, reason: str) -> None:
    """Let nothing leave on the channel until it is reopened."""
    lock_account(c, channel)
    c.execute(
        update(accounts)
        .where(accounts.c.channel == channel.value)
        .values(halted=reason, halted_until=None)
    )


def rest(c: Connection, channel: Channel, reason: str, until: datetime) -> None:
    """Let nothing leave on the channel before `until`; a halt that lasts longer stays as it is."""
    known = lock_account(c, channel)
    if known is None or (known.until is not None and known.until < until):
        c.execute(
            update(accounts)
            .where(accounts.c.channel == channel.value)
            .values(halted=reason, halted_until=until)
        )


def reopen(c: Connection, channel: Channel) -> bool:
    """Let a halted channel send again; False when it was not halted."""
    done = c.execute(
        update(accounts)
        .where(accounts.c.channel == channel.value, accounts.c.halted.is_not(None))
        .values(halted=None, halted_until=None)
    )
    return done.rowcount == 1


def halted(c: Connection, now: datetime) -> Mapping[Channel, str]:
    """Return the channels on which nothing may leave, and why."""
    rows = c.execute(select(accounts).where(is_halted(now)))
    return {Channel(row.channel): str(Halt(row.halted, row.halted_until)) for row in rows}


def is_halted(now: datetime) -> ColumnElement[bool]:
    """Match the accounts on which nothing may leave at `now`."""
    lasts = or_(accounts.c.halted_until.is_(None), accounts.c.halted_until > now)
    return and_(accounts.c.halted.is_not(None), lasts)


def used(c: Connection, channel: Channel, quota: Quota, now: datetime) -> int:
    """Return how many permits of the window are taken; exact under the account's lock."""
    if quota.window_s == 0:
        return 0
    # Two counts, for either database finds each by the index and an OR of both by neither; in one
    # statement, for a permit that leaves between two statements would be in neither count.
    left = select(func.count()).select_from(t.ledger).where(left_within(channel, quota, now))
    out = select(func.count()).select_from(t.ledger).where(not_left(channel))
    both = select(left.scalar_subquery() + out.scalar_subquery())
    taken: int = c.execute(both).scalar_one()
    return taken


def free_at(
    c: Connection, channel: Channel, quota: Quota, now: datetime, permits: int = 1
) -> datetime | None:
    """Return when `permits` of those taken are free again, None when no clock frees them."""
    row = c.execute(
        select(t.ledger.c.at)
        .where(left_within(channel, quota, now))
        .order_by(t.ledger.c.at)
        .offset(permits - 1)
        .limit(1)
    ).first()
    return row.at + timedelta(seconds=quota.window_s) if row else None


def freeing(c: Connection, channel: Channel, quota: Quota, now: datetime) -> Sequence[datetime]:
    """Return when each used permit of the quota comes back, earliest first.

    One out on a claim counts as leaving now.
    """
    if quota.window_s == 0:
        return []
    window = timedelta(seconds=quota.window_s)
    left = c.scalars(
        select(t.ledger.c.at).where(left_within(channel, quota, now)).order_by(t.ledger.c.at)
    )
    out = c.scalar(select(func.count()).select_from(t.ledger).where(not_left(channel))) or 0
    return [at + window for at in left] + [now + window] * out


def use(c: Connection, channel: Channel, quota: Quota, now: datetime) -> QuotaUse:
    """Return how much of the quota is used at `now`, and when the oldest use leaves it."""
    taken = used(c, channel, quota, now)
    return QuotaUse(
        channel=channel,
        limit=quota.limit,
        used=taken,
        left=max(0, quota.limit - taken),
        window_s=quota.window_s,
        resets_at=free_at(c, channel, quota, now) if taken else None,
    )


def date(c: Connection, message_id: str, attempt: int, at: datetime) -> None:
    """Write down when the message of a permit left."""
    c.execute(update(t.ledger).where(*_permit(message_id, attempt)).values(at=at))


def give_back(c: Connection, message_id: str, attempt: int) -> None:
    """Free a permit whose message never left; one that left stays counted."""
    c.execute(delete(t.ledger).where(*_permit(message_id, attempt), t.ledger.c.at.is_(None)))


def give_back_all(c: Connection, *which: ColumnElement[bool]) -> None:
    """Free every permit that has not left, of the messages that match `which`."""
    # Each channel named, for the index to find what has not left.
    channels = [channel.value for channel in Channel]
    c.execute(
        delete(t.ledger).where(
            t.ledger.c.channel.in_(channels),
            t.ledger.c.at.is_(None),
            exists().where(t.messages.c.id == t.ledger.c.message_id, *which),
        )
    )


def _permit(message_id: str, attempt: int) -> tuple[ColumnElement[bool], ...]:
    return (t.ledger.c.message_id == message_id, t.ledger.c.attempt == attempt)


def left_within(channel: Channel, quota: Quota, now: datetime) -> ColumnElement[bool]:
    """Match the permits whose message left within the quota's window."""
    since = now - timedelta(seconds=quota.window_s)
    return and_(t.ledger.c.channel == channel.value, t.ledger.c.at > since)


def not_left(channel: Channel) -> ColumnElement[bool]:
    """Match the permits out on claims."""
    return and_(t.ledger.c.channel == channel.value, t.ledger.c.at.is_(None))
