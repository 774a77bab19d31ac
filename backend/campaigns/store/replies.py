"""Replies as kept."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from campaigns.model.ids import CampaignId, CustomerId, ReplyId
from campaigns.model.reply import Intent, Reply
from campaigns.store import tables as t
from campaigns.store.codec import dump, load
from campaigns.store.paging import next_cursor


class ReplyRows:
    """`model.ports.Replies` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def add(self, new: Reply) -> None:
        """Keep a reply."""
        self._c.execute(
            insert(t.replies).values(
                id=new.id,
                channel=new.channel.value,
                address=new.address,
                campaign_id=new.sender.campaign_id if new.sender else None,
                customer_id=new.sender.customer_id if new.sender else None,
                intent=new.reading.intent.value,
                escalated=new.suggestion.escalate,
                complaint=Intent.COMPLAINT in new.reading.intents,
                score=new.reading.score,
                confidence=new.reading.confidence,
                received_at=new.received_at,
                done_at=new.done_at,
                record=dump(new),
            )
        )

    def get(self, reply_id: ReplyId) -> Reply | None:
        """Return one reply."""
        row = self._c.execute(select(t.replies).where(t.replies.c.id == reply_id)).first()
        return reply(row) if row else None

    def page(
        self,
        cursor: str,
        limit: int,
        campaign_id: CampaignId | None = None,
        *,
        waiting: bool = False,
    ) -> tuple[Sequence[Reply], str | None]:
        """Return a page, newest first; `waiting` keeps those a person has not finished."""
        query = select(t.replies).order_by(t.replies.c.id.desc()).limit(limit + 1)
        if cursor:
            query = query.where(t.replies.c.id < cursor)
        if campaign_id is not None:
            query = query.where(t.replies.c.campaign_id == campaign_id)
        if waiting:
            query = query.where(t.replies.c.escalated.is_(True), t.replies.c.done_at.is_(None))
        rows = self._c.execute(query).all()
        return [reply(r) for r in rows[:limit]], next_cursor(rows, limit, lambda r: str(r.id))

    def finish(self, reply_id: ReplyId, at: datetime) -> bool:
        """Mark a reply as done; False when it was already or does not exist."""
        done = self._c.execute(
            update(t.replies)
            .where(t.replies.c.id == reply_id, t.replies.c.done_at.is_(None))
            .values(done_at=at)
        )
        return done.rowcount == 1

    def open_complaint(self, customer_id: CustomerId) -> str | None:
        """Return why campaigns to a customer wait: a complaint nobody dealt with yet, or None."""
        reply_id = self._c.scalar(
            select(t.replies.c.id)
            .where(
                t.replies.c.customer_id == customer_id,
                t.replies.c.complaint.is_(True),
                t.replies.c.done_at.is_(None),
            )
            .order_by(t.replies.c.id)
            .limit(1)
        )
        return f"a complaint is open (reply {reply_id})" if reply_id else None

    def by_intent(self, campaign_id: CampaignId | None = None) -> Mapping[Intent, int]:
        """Return how many replies lead with each intent."""
        query = select(t.replies.c.intent, func.count()).group_by(t.replies.c.intent)
        if campaign_id is not None:
            query = query.where(t.replies.c.campaign_id == campaign_id)
        return {Intent(intent): n for intent, n in self._c.execute(query)}

    def scores(self, campaign_id: CampaignId | None = None) -> Sequence[int]:
        """Return the survey scores, the latest of each address only."""
        latest = (
            select(func.max(t.replies.c.id))
            .where(t.replies.c.score.is_not(None))
            .group_by(t.replies.c.channel, t.replies.c.address, t.replies.c.campaign_id)
        )
        query = select(t.replies.c.score).where(t.replies.c.id.in_(latest))
        if campaign_id is not None:
            query = query.where(t.replies.c.campaign_id == campaign_id)
        return [score for score in self._c.scalars(query) if score is not None]

    def answered(self, campaign_id: CampaignId) -> Mapping[str, frozenset[str]]:
        """Return, per intent, the customers of a campaign whose replies led with it."""
        rows = self._c.execute(
            select(t.replies.c.intent, t.replies.c.customer_id)
            .where(t.replies.c.campaign_id == campaign_id, t.replies.c.customer_id.is_not(None))
            .distinct()
        )
        found: dict[str, set[str]] = {}
        for intent, customer_id in rows:
            found.setdefault(intent, set()).add(customer_id)
        return {intent: frozenset(ids) for intent, ids in found.items()}


def reply(row: Row[Any]) -> Reply:
    return replace(load(Reply, row.record), done_at=row.done_at)
