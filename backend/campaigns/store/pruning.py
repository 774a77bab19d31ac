"""Removing what is old: rows that nobody asks for any more, and words in rows that stay.

Campaigns, messages, attempts, suppressions, consents and the audit trail are never removed, and
neither is news of a known message: its key is how the same news is recognised.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    func,
    or_,
    select,
    tuple_,
    update,
)

from campaigns.flow import track
from campaigns.model.answer import ANSWERS
from campaigns.model.campaign import CampaignStatus
from campaigns.model.message import Message
from campaigns.model.reply import Reply
from campaigns.model.retention import CLOSED, REMOVED, Kept
from campaigns.store import model_tables
from campaigns.store import tables as t
from campaigns.store.codec import dump, load

ENDED = (CampaignStatus.COMPLETED.value, CampaignStatus.CANCELLED.value)

Rule = Callable[[datetime], ColumnElement[bool]]
Bare = Callable[[object], dict[str, Any]]


def has_text(table: Table) -> ColumnElement[bool]:
    """Match rows whose text was not removed."""
    said: ColumnElement[str] = table.c.record["text"].as_string()
    return said != REMOVED


class PruningRows:
    """`model.ports.Pruning` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def due(self, kind: Kept, before: datetime) -> int:
        """Return how many rows of a kind are older than `before`, removing nothing."""
        return sum(
            self._c.execute(select(func.count()).select_from(table).where(old(before))).scalar_one()
            for table, old in _RULES[kind]
        )

    def prune(self, kind: Kept, before: datetime, most: int) -> int:
        """Remove up to `most` rows of a kind, or their words; return how many."""
        bare = _BARE.get(kind)
        removed = 0
        for table, old in _RULES[kind]:
            left = most - removed
            if bare is None:
                removed += self._delete(table, old(before), left)
            else:
                removed += self._blank(table, old(before), left, bare)
        return removed

    def _delete(self, table: Table, old: ColumnElement[bool], most: int) -> int:
        key = tuple_(*table.primary_key)
        some = select(*table.primary_key).where(old).limit(most)
        return self._c.execute(delete(table).where(key.in_(some))).rowcount

    def _blank(self, table: Table, old: ColumnElement[bool], most: int, bare: Bare) -> int:
        rows = self._c.execute(
            select(table.c.id, table.c.record).where(old).limit(most).with_for_update()
        ).all()
        for row in rows:
            self._c.execute(
                update(table).where(table.c.id == row.id).values(record=bare(row.record))
            )
        return len(rows)


def _without_words(record: object) -> dict[str, Any]:
    m = load(Message, record)
    return dump(
        replace(
            m,
            text=REMOVED,
            subject="",
            preheader="",
            html=None,
            checks=(),
            template=replace(m.template, parameters={}) if m.template else None,
        )
    )


def _reply_without_words(record: object) -> dict[str, Any]:
    r = load(Reply, record)
    return dump(
        replace(
            r,
            text=REMOVED,
            reading=replace(r.reading, evidence=()),
            suggestion=replace(r.suggestion, draft=None),
        )
    )


def _messages_of_the_past(before: datetime) -> ColumnElement[bool]:
    ended = select(t.campaigns.c.id).where(
        t.campaigns.c.status.in_(ENDED), t.campaigns.c.updated_at < before
    )
    # Somebody may still be answering them.
    open_ = select(t.replies.c.campaign_id).where(
        t.replies.c.done_at.is_(None), t.replies.c.campaign_id.is_not(None)
    )
    return and_(
        or_(
            and_(t.messages.c.campaign_id.in_(ended), t.messages.c.campaign_id.not_in(open_)),
            # The lane of answers never ends; each is of the past by its own age.
            t.messages.c.campaign_id == ANSWERS,
        ),
        t.messages.c.status.in_([status.value for status in CLOSED]),
        t.messages.c.updated_at < before,
        has_text(t.messages),
    )


def _orphans(before: datetime) -> ColumnElement[bool]:
    # What people did (opting out, following, answering) is not about a message.
    of_people = [event.value for event in track.CONCERNS_PEOPLE]
    return and_(
        t.events.c.message_id.is_(None),
        t.events.c.type.not_in(of_people),
        t.events.c.received_at < before,
    )


# What stays of rows whose words are removed; other rows go whole.
_BARE: Mapping[Kept, Bare] = {
    Kept.MESSAGE_TEXTS: _without_words,
    Kept.REPLY_TEXTS: _reply_without_words,
}
_RULES: Mapping[Kept, Sequence[tuple[Table, Rule]]] = {
    Kept.WEBHOOKS: [
        (
            t.webhooks,
            lambda before: and_(t.webhooks.c.received_at < before, t.webhooks.c.done_at < before),
        )
    ],
    Kept.ORPHANS: [(t.events, _orphans)],
    Kept.MESSAGE_TEXTS: [(t.messages, _messages_of_the_past)],
    Kept.REPLY_TEXTS: [
        (t.replies, lambda before: and_(t.replies.c.done_at < before, has_text(t.replies)))
    ],
    Kept.MODEL_TEXTS: [
        (model_tables.model_texts, lambda before: model_tables.model_texts.c.at < before)
    ],
    Kept.ANSWERS: [(t.idempotency, lambda before: t.idempotency.c.at < before)],
    Kept.SIGN_INS: [
        (t.sessions, lambda before: t.sessions.c.expires_at < before),
        (
            t.tickets,
            lambda before: or_(t.tickets.c.expires_at < before, t.tickets.c.used_at < before),
        ),
        (t.sign_in_failures, lambda before: t.sign_in_failures.c.at < before),
    ],
    # One that is out on a claim has no time and stays, however old.
    Kept.PERMITS: [(t.ledger, lambda before: t.ledger.c.at < before)],
}
