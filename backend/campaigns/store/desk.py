"""What people at the console look for: lists with a search, a filter, pages and totals."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, false, func, insert, or_, select

from campaigns.model.answer import ANSWERS
from campaigns.model.audience import Member
from campaigns.model.audit import AuditEntry
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.consent import Suppression, SuppressionReason
from campaigns.model.customer import Channel, Customer
from campaigns.model.fold import fold
from campaigns.model.ids import CampaignId, CustomerId, MessageId, PersonId
from campaigns.model.lists import CustomerOrder, CustomerQuery, Outlined, TrailQuery
from campaigns.model.message import Check, Findings, Message, MessageStatus
from campaigns.model.people import Assignment
from campaigns.store import tables as t
from campaigns.store.audit import entry
from campaigns.store.campaigns import campaign
from campaigns.store.codec import load
from campaigns.store.consents import suppression
from campaigns.store.database import streamed
from campaigns.store.entry_rows import customer_at
from campaigns.store.messages import message

Where = ColumnElement[bool]


class DeskRows:
    """`model.ports.Desk` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def campaigns(
        self,
        statuses: Collection[CampaignStatus],
        words: str,
        first: int,
        limit: int,
        *,
        archived: bool = False,
    ) -> tuple[Sequence[Campaign], int]:
        """Return campaigns in any of `statuses` whose name holds `words`, newest first, and a total.

        No statuses means all. Either those that are archived, or those that are not.
        """
        where: list[Where] = [
            t.campaigns.c.id != ANSWERS,
            _put_away() if archived else ~_put_away(),
        ]
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

    def counts(self) -> tuple[Mapping[CampaignStatus, int], int]:
        """Return how many campaigns are in each state, archived ones aside, and how many those are."""
        status = t.campaigns.c.status
        shown = (
            select(status, func.count())
            .where(t.campaigns.c.id != ANSWERS, ~_put_away())
            .group_by(status)
        )
        counts = {CampaignStatus(s): n for s, n in self._c.execute(shown)}
        away = select(func.count()).select_from(t.campaigns).where(_put_away())
        return counts, self._c.scalar(away) or 0

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

    def findings(self, campaign_id: CampaignId) -> Iterator[Findings]:
        """Yield what the fact guard found in each message that it blocks, without the rest of it."""
        m = t.messages.c
        text, checks = m.record["text"].as_string(), m.record["checks"]
        rows = streamed(
            self._c,
            select(m.id, text.label("text"), checks.label("checks")).where(
                m.campaign_id == campaign_id,
                m.is_test.is_(False),
                m.status == MessageStatus.BLOCKED.value,
            ),
        )
        for row in rows:
            wrong = tuple(load(Check, c) for c in row.checks if not c["ok"])
            yield Findings(id=row.id, text=row.text, checks=wrong)

    def outline(self, campaign_id: CampaignId) -> Sequence[Outlined]:
        """Return every message, tests aside, in the audience's order."""
        edited = t.messages.c.record["edited"].as_boolean()
        vouched = t.messages.c.record["vouched"].as_integer()
        rows = self._c.execute(
            select(t.messages.c.id, edited, vouched)
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
            Outlined(MessageId(i), edited=bool(by_hand), vouched=n or 0) for i, by_hand, n in rows
        ]

    def new_templates(self, campaign_id: CampaignId) -> Sequence[str]:
        """Return the campaign's WhatsApp templates that nobody of another campaign was sent."""
        m = t.messages.c
        name = m.record["template", "name"].as_string()
        on_whatsapp = [m.channel == Channel.WHATSAPP.value, m.is_test.is_(False)]
        mine = select(name).where(m.campaign_id == campaign_id, *on_whatsapp).distinct()
        return [
            found
            for found in self._c.scalars(mine)
            if found
            and not self._c.execute(
                select(m.id)
                .where(
                    m.campaign_id != campaign_id,
                    m.left_at.is_not(None),
                    name == found,
                    *on_whatsapp,
                )
                .limit(1)
            ).first()
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

    def under_way_with(self, ids: Collection[CustomerId]) -> Sequence[str]:
        """Return the names of campaigns approved or under way that write to these customers."""
        under_way = [
            s.value
            for s in (
                CampaignStatus.APPROVED,
                CampaignStatus.SCHEDULED,
                CampaignStatus.SENDING,
                CampaignStatus.PAUSED,
            )
        ]
        rows = self._c.scalars(
            select(t.campaigns.c.record["name"].as_string())
            .join(t.members, t.members.c.campaign_id == t.campaigns.c.id)
            .where(t.campaigns.c.status.in_(under_way), t.members.c.customer_id.in_(ids))
            .distinct()
        )
        return sorted(str(name) for name in rows)

    # --- customers -------------------------------------------------------------------------------

    def customers(
        self, query: CustomerQuery, first: int, limit: int
    ) -> tuple[Sequence[Customer], int, int]:
        """Return customers that match, how many do, and how many zones those have."""
        where = _customers_in(query)
        total, zones = self._c.execute(
            select(func.count(), func.coalesce(func.sum(t.customers.c.zone_count), 0))
            .select_from(t.customers)
            .where(*where)
        ).one()
        rows = self._c.execute(
            select(t.customers.c.record, t.customers.c.line)
            .where(*where)
            .order_by(*_ORDERS[query.order], t.customers.c.position)
            .offset(first)
            .limit(limit)
        )
        return [customer_at(r.record, r.line) for r in rows], total, int(zones)

    # --- suppressions ----------------------------------------------------------------------------

    def suppressions(
        self, words: str, reason: SuppressionReason | None, first: int, limit: int
    ) -> tuple[Sequence[tuple[Suppression, CustomerId | None, str | None]], int]:
        """Return suppressions, newest first, each with a customer that has the address, if any."""
        s = t.suppressions
        where: list[Where] = []
        if reason is not None:
            where.append(s.c.reason == reason.value)
        owner = (
            select(t.addresses.c.customer_id)
            .where(t.addresses.c.channel == s.c.channel, t.addresses.c.address == s.c.address)
            .limit(1)
            .correlate(s)
            .scalar_subquery()
        )
        found = (
            select(s, t.customers.c.id.label("owner_id"), t.customers.c.name.label("owner"))
            .select_from(s.outerjoin(t.customers, t.customers.c.id == owner))
            .where(*where)
        )
        for word in words.split():
            found = found.where(
                or_(
                    s.c.address.contains(word.lower(), autoescape=True),
                    t.customers.c.name_key.contains(fold(word), autoescape=True),
                )
            )
        total = self._c.scalar(select(func.count()).select_from(found.subquery())) or 0
        rows = self._c.execute(
            found.order_by(s.c.at.desc(), s.c.address).offset(first).limit(limit)
        )
        return [(suppression(r), r.owner_id, r.owner) for r in rows], total

    # --- the audit trail -------------------------------------------------------------------------

    def trail(self, query: TrailQuery, before: int | None, limit: int) -> Sequence[AuditEntry]:
        """Return entries older than `before`, newest first."""
        a = t.audit
        where: list[Where] = []
        if before is not None:
            where.append(a.c.seq < before)
        if query.actor:
            where.append(a.c.actor == query.actor)
        if query.kind:
            where.append(a.c.action.startswith(f"{query.kind}.", autoescape=True))
        if query.subject:
            where.append(a.c.subject == query.subject)
        if query.since is not None:
            where.append(a.c.at >= query.since)
        if query.until is not None:
            where.append(a.c.at < query.until)
        rows = self._c.execute(select(a).where(*where).order_by(a.c.seq.desc()).limit(limit))
        return [entry(r) for r in rows]

    def actors(self) -> Sequence[str]:
        """Return everybody the trail names, in the order of the alphabet."""
        found = select(t.audit.c.actor).distinct().order_by(t.audit.c.actor)
        return list(self._c.scalars(found))

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


def _put_away() -> Where:
    return func.coalesce(t.campaigns.c.record["archived"].as_boolean(), false())


_ORDERS: Mapping[CustomerOrder, tuple[ColumnElement[Any], ...]] = {
    CustomerOrder.BOOK: (),
    CustomerOrder.NAME: (t.customers.c.name_key,),
    CustomerOrder.END: (t.customers.c.contract_end.is_(None), t.customers.c.contract_end),
    CustomerOrder.ZONES: (func.coalesce(t.customers.c.zone_count, -1).desc(),),
}


def _customers_in(query: CustomerQuery) -> list[Where]:
    c = t.customers.c
    where: list[Where] = [
        c.name_key.contains(fold(word), autoescape=True) for word in query.words.split()
    ]
    if query.brand:
        where.append(or_(c.brand_group == query.brand, c.brand == query.brand))
    for column in (c.country, c.city, c.business_type, c.platform):
        wanted = getattr(query, column.key)
        if wanted:
            where.append(column == wanted)
    if query.size is not None:
        where.append(c.size == query.size.value)
    return [*where, *_ending(query), *_reached(query)]


def _ending(query: CustomerQuery) -> Iterator[Where]:
    end = t.customers.c.contract_end
    if query.no_end:
        yield end.is_(None)
    if query.ends_from is not None:
        yield end >= query.ends_from
    if query.ends_to is not None:
        yield end <= query.ends_to


def _reached(query: CustomerQuery) -> Iterator[Where]:
    has = select(t.addresses.c.address).where(t.addresses.c.customer_id == t.customers.c.id)
    if query.unreached:
        yield ~has.exists()
    if query.reach is not None:
        yield has.where(t.addresses.c.channel == query.reach.value).exists()
