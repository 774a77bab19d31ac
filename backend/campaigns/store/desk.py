"""What people at the console look for: lists with a search, a filter, pages and totals."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select

from campaigns.model.audience import Member
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.ids import CampaignId, CustomerId, MessageId, PersonId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.people import Assignment
from campaigns.store import tables as t
from campaigns.store.campaigns import campaign
from campaigns.store.codec import load
from campaigns.store.messages import message


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

    # --- one campaign ----------------------------------------------------------------------------

    def member_ids(self, campaign_id: CampaignId) -> Sequence[CustomerId]:
        """Return the audience's customers in its order: the soonest contract end first."""
        rows = self._c.scalars(
            select(t.members.c.customer_id)
            .where(t.members.c.campaign_id == campaign_id)
            .order_by(t.members.c.position)
        )
        return [CustomerId(i) for i in rows]

    def members(
        self, campaign_id: CampaignId, ids: Collection[CustomerId]
    ) -> Mapping[CustomerId, Member]:
        """Return the frozen members among `ids`."""
        rows = self._c.execute(
            select(t.members.c.customer_id, t.members.c.record).where(
                t.members.c.campaign_id == campaign_id, t.members.c.customer_id.in_(ids)
            )
        )
        return {CustomerId(i): load(Member, record) for i, record in rows}

    def messages_to(
        self, campaign_id: CampaignId, ids: Collection[CustomerId]
    ) -> Mapping[CustomerId, Sequence[Message]]:
        """Return the campaign's messages to these customers, tests aside, without history."""
        rows = self._c.execute(
            select(t.messages)
            .where(
                t.messages.c.campaign_id == campaign_id,
                t.messages.c.is_test.is_(False),
                t.messages.c.customer_id.in_(ids),
            )
            .order_by(t.messages.c.id)
        )
        found: dict[CustomerId, list[Message]] = {}
        for row in rows:
            found.setdefault(CustomerId(row.customer_id), []).append(message(row))
        return found

    def first_blocked(self, campaign_id: CampaignId) -> Message | None:
        """Return the first message that the fact guard blocks, if any."""
        row = self._c.execute(
            select(t.messages)
            .where(
                t.messages.c.campaign_id == campaign_id,
                t.messages.c.is_test.is_(False),
                t.messages.c.status == MessageStatus.BLOCKED.value,
            )
            .order_by(t.messages.c.id)
            .limit(1)
        ).first()
        return message(row) if row else None

    def outline(self, campaign_id: CampaignId) -> Sequence[tuple[MessageId, CustomerId, bool]]:
        """Return (id, customer, edited by hand) of every message, in the audience's order."""
        edited = t.messages.c.record["edited"].as_boolean()
        rows = self._c.execute(
            select(t.messages.c.id, t.messages.c.customer_id, edited)
            .join(
                t.members,
                and_(
                    t.members.c.campaign_id == t.messages.c.campaign_id,
                    t.members.c.customer_id == t.messages.c.customer_id,
                ),
            )
            .where(t.messages.c.campaign_id == campaign_id, t.messages.c.is_test.is_(False))
            .order_by(t.members.c.position, t.messages.c.id)
        )
        return [
            (MessageId(i), CustomerId(customer), bool(by_hand)) for i, customer, by_hand in rows
        ]

    def languages(self, campaign_id: CampaignId) -> Mapping[str, int]:
        """Return how many of the campaign's messages are in each language."""
        code = t.messages.c.record["language"].as_string()
        rows = self._c.execute(
            select(code, func.count())
            .where(t.messages.c.campaign_id == campaign_id, t.messages.c.is_test.is_(False))
            .group_by(code)
        )
        return {str(language): n for language, n in rows}

    # --- what waits for whom ---------------------------------------------------------------------

    def assign(self, assignment: Assignment) -> None:
        """Hand something to a person, in place of whoever had it."""
        table = t.assignments
        self._c.execute(delete(table).where(table.c.subject == assignment.subject))
        self._c.execute(
            insert(table).values(
                subject=assignment.subject,
                person_id=assignment.person_id,
                by=assignment.by,
                at=assignment.at,
                why=assignment.why,
            )
        )

    def assigned(self, subjects: Collection[str]) -> Mapping[str, Assignment]:
        """Return who has each of `subjects`, where somebody has."""
        rows = self._c.execute(select(t.assignments).where(t.assignments.c.subject.in_(subjects)))
        return {
            row.subject: Assignment(
                subject=row.subject,
                person_id=PersonId(row.person_id),
                by=row.by,
                at=row.at,
                why=row.why,
            )
            for row in rows
        }
