"""What people at the console look for: lists with a search, a filter, pages and totals."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.reply import Intent
from campaigns.store import tables as t
from campaigns.store.campaigns import campaign

# Replies somebody answers, whether or not they were escalated.
ANSWERED_BY_PEOPLE = (
    Intent.ACCEPT,
    Intent.CHANGE_REQUEST,
    Intent.QUESTION,
    Intent.CALLBACK,
    Intent.COMPLAINT,
    Intent.WRONG_PERSON,
)


class DeskRows:
    """`model.ports.Desk` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def campaigns(
        self, statuses: Collection[CampaignStatus], words: str, first: int, limit: int
    ) -> tuple[Sequence[Campaign], int]:
        """Return campaigns in any of `statuses` whose name holds `words`, newest first, and a total.

        No statuses means all.
        """
        where: list[ColumnElement[bool]] = []
        if statuses:
            where.append(t.campaigns.c.status.in_([s.value for s in statuses]))
        name = func.lower(t.campaigns.c.record["name"].as_string())
        where += [name.contains(w.lower(), autoescape=True) for w in words.split()]
        total = self._c.scalar(select(func.count()).select_from(t.campaigns).where(*where)) or 0
        rows = self._c.execute(
            select(t.campaigns)
            .where(*where)
            .order_by(t.campaigns.c.id.desc())
            .offset(first)
            .limit(limit)
        )
        return [campaign(r) for r in rows], total

    def waiting(self) -> int:
        """Return how many replies wait for a person."""
        return (
            self._c.scalar(select(func.count()).select_from(t.replies).where(_needs_a_person()))
            or 0
        )


def _needs_a_person() -> ColumnElement[bool]:
    return and_(
        t.replies.c.done_at.is_(None),
        or_(
            t.replies.c.escalated.is_(True),
            t.replies.c.intent.in_([i.value for i in ANSWERED_BY_PEOPLE]),
        ),
    )
