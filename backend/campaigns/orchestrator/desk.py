"""What people at the console look at: lists and overviews, read in one go."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from campaigns.flow.insight import Funnel, funnel
from campaigns.flow.revised import since
from campaigns.model.access import Actor
from campaigns.model.approved import SinceApproval
from campaigns.model.audience import Audience, Member
from campaigns.model.audit import AuditEntry
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.consent import Suppression, SuppressionReason
from campaigns.model.customer import Channel, Customer
from campaigns.model.delivery import QuotaUse
from campaigns.model.ids import (
    AutomationId,
    CampaignId,
    CustomerId,
    MessageId,
    PersonId,
    ReplyId,
)
from campaigns.model.lists import CustomerQuery, Outlined, TrailQuery
from campaigns.model.message import Message, MessageStatus
from campaigns.model.people import Assignment, Person
from campaigns.model.plan import Attribute, Plan
from campaigns.model.ports import Tx
from campaigns.orchestrator.hints import narrowing
from campaigns.orchestrator.lookup import campaign_in
from campaigns.orchestrator.ports import Ports

READ_FIRST = 5
READ_BY_CHANCE = 5
READ_AT_MOST = 40
CONFIRMED, EDITED = "confirmed by hand", "edited by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignLine:
    """One campaign in a list: how many customers it is for, and what came of it so far."""

    campaign: Campaign
    customers: int
    funnel: Funnel


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignList:
    """One page of campaigns; `total` counts all that match.

    `counts` are all there are by state, without the `archived` ones.
    """

    lines: Sequence[CampaignLine]
    total: int
    counts: Mapping[CampaignStatus, int]
    archived: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A customer in the audience and the messages written to it."""

    member: Member
    messages: Sequence[Message]

    @property
    def blocked(self) -> bool:
        """Whether the fact guard blocks a message to this customer."""
        return any(m.status is MessageStatus.BLOCKED for m in self.messages)

    @property
    def gaps(self) -> tuple[str, ...]:
        """The facts the record lacks, so that a sentence was dropped."""
        return tuple(dict.fromkeys(gap for m in self.messages for gap in m.gaps))


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """A campaign as its author works on it.

    `order` are all its customers, `rows` the first of them, `chosen` the one looked at.
    `counts` are its messages by channel and state, `first_blocked` where a fix is needed.
    """

    campaign: Campaign
    audience: Audience
    order: Sequence[CustomerId]
    rows: Sequence[Row]
    chosen: Row | None
    counts: Mapping[tuple[Channel, MessageStatus], int]
    languages: Mapping[str, int]
    first_blocked: Message | None
    limits: Sequence[QuotaUse]

    @property
    def messages(self) -> int:
        """How many messages there are."""
        return sum(self.counts.values())

    @property
    def blocked(self) -> int:
        """How many messages the fact guard blocks."""
        return sum(n for (_, s), n in self.counts.items() if s is MessageStatus.BLOCKED)

    def place(self, customer_id: CustomerId) -> int:
        """Return where a customer stands in the order, from 0; raises ValueError when out."""
        return self.order.index(customer_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRead:
    """A message an approver is asked to read, and why this one."""

    message: Message
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A campaign submitted for approval: who is to decide, and what they should look at.

    `edited` counts messages changed by hand, `vouched` claims that only a person stands behind.
    `new_templates` are WhatsApp templates that nobody was sent yet.
    """

    line: CampaignLine
    approver: Person | None
    edited: int
    vouched: int
    new_templates: Sequence[str]


class Desk:
    """Reads for the console."""

    def __init__(self, ports: Ports) -> None:
        self._p = ports
        self._store = ports.store

    def campaigns(
        self,
        statuses: Collection[CampaignStatus],
        words: str,
        first: int,
        limit: int,
        *,
        archived: bool = False,
    ) -> CampaignList:
        """Return campaigns in any of `statuses` (none means all) whose name holds `words`."""
        with self._store.read() as tx:
            found, total = tx.desk.campaigns(statuses, words, first, limit, archived=archived)
            counts, away = tx.desk.counts()
            lines = [_line(tx, c) for c in found]
            return CampaignList(lines=lines, total=total, counts=counts, archived=away)

    def called(self, subjects: Iterable[str]) -> Mapping[str, str]:
        """Return what people call the things that entries of the audit trail are about."""
        found: dict[str, str] = {}
        with self._store.read() as tx:
            found |= {f"person:{p.id}": p.name for p in tx.people.all()}
            for subject in {*subjects} - found.keys():
                kind, _, which = subject.partition(":")
                if name := _name(tx, kind, which):
                    found[subject] = name
        return found

    def composition(
        self, campaign_id: CampaignId, shown: int, customer_id: CustomerId | None
    ) -> Composition:
        """Return a campaign with its first `shown` customers and the messages to one of them.

        Without `customer_id`, or when it is not in the audience, the first customer that can be
        reached is the chosen one.
        """
        now = self._p.clock.now()
        with self._store.read() as tx:
            campaign = campaign_in(tx, campaign_id)
            order = tx.desk.member_ids(campaign_id)
            wanted = order[:shown]
            rows = _rows(tx, campaign_id, wanted)
            chosen = _chosen(rows, customer_id)
            if chosen is None and customer_id in order:
                [chosen] = _rows(tx, campaign_id, [CustomerId(str(customer_id))])
            return Composition(
                campaign=campaign,
                audience=tx.campaigns.audience(campaign_id, 0, 0),
                order=order,
                rows=rows,
                chosen=chosen or next((r for r in rows if r.messages), next(iter(rows), None)),
                counts=tx.messages.counts(campaign_id),
                languages=tx.desk.languages(campaign_id),
                first_blocked=tx.desk.first_blocked(campaign_id),
                limits=tuple(
                    tx.outbox.use(channel, carrier.quota, now)
                    for channel, carrier in self._p.carriers.items()
                ),
            )

    def to_read(self, campaign_id: CampaignId) -> Sequence[ToRead]:
        """Return what an approver reads at least: the first, some by chance, every edited one.

        Chance is drawn from the content hash, so that everybody is shown the same.
        """
        with self._store.read() as tx:
            campaign = campaign_in(tx, campaign_id)
            outline = tx.desk.outline(campaign_id)
            reasons: dict[MessageId, str] = {
                one.id: CONFIRMED if one.vouched else EDITED
                for one in outline
                if one.vouched or one.edited
            }
            for one in outline[:READ_FIRST]:
                reasons.setdefault(one.id, "among the first")
            rest = [one.id for one in outline if one.id not in reasons]
            for i in sorted(rest, key=lambda i: _drawn(campaign.content_hash, i))[:READ_BY_CHANCE]:
                reasons[i] = "drawn by chance"
            found = [tx.messages.get(i) for i in _in_order(outline, reasons)]
        return [ToRead(message=m, why=reasons[m.id]) for m in found if m]

    def since_approval(self, campaign_id: CampaignId) -> SinceApproval | None:
        """Return what changed since the campaign was approved before; None when it never was."""
        with self._store.read() as tx:
            if campaign_in(tx, campaign_id).last_approval is None:
                return None
            return since(tx.approved.of(campaign_id), tx.messages.each(campaign_id))

    def approvals(self, statuses: Collection[CampaignStatus], limit: int) -> Sequence[Waiting]:
        """Return campaigns in any of `statuses`, newest first, with who is to decide."""
        with self._store.read() as tx:
            found, _ = tx.desk.campaigns(statuses, "", 0, limit)
            assigned = tx.desk.assigned([f"campaign:{c.id}" for c in found])
            people = {p.id: p for p in tx.people.all()}
            return [
                _waiting(
                    tx,
                    c,
                    people.get(mine.person_id)
                    if (mine := assigned.get(f"campaign:{c.id}"))
                    else None,
                )
                for c in found
            ]

    def customers(
        self, query: CustomerQuery, first: int, limit: int
    ) -> tuple[Sequence[Customer], int, int]:
        """Return customers that match, how many do, and how many zones those have."""
        with self._store.read() as tx:
            return tx.desk.customers(query, first, limit)

    def blocked(self, customer: Customer) -> Mapping[tuple[Channel, str], str]:
        """Return why addresses of a customer's contacts may not be written to."""
        with self._store.read() as tx:
            return tx.consents.blocked(
                [(a.channel, a.value) for contact in customer.contacts for a in contact.addresses]
            )

    def suppressions(
        self, words: str, reason: SuppressionReason | None, first: int, limit: int
    ) -> tuple[Sequence[tuple[Suppression, CustomerId | None, str | None]], int]:
        """Return suppressions, newest first, each with a customer that has the address."""
        with self._store.read() as tx:
            return tx.desk.suppressions(words, reason, first, limit)

    def trail(
        self, query: TrailQuery, before: int | None, limit: int
    ) -> tuple[Sequence[AuditEntry], Sequence[str]]:
        """Return a page of the audit trail, newest first, and everybody it names."""
        with self._store.read() as tx:
            return tx.desk.trail(query, before, limit), tx.desk.actors()

    def narrowing(self, plan: Plan) -> tuple[Attribute, int] | None:
        """Return the filter whose removal finds most customers, and how many."""
        with self._store.read() as tx:
            return narrowing(tx, plan)

    def names(self, ids: Sequence[CustomerId]) -> Mapping[CustomerId, str]:
        """Return the names of customers that are in the book."""
        with self._store.read() as tx:
            return {i: c.name for i, c in tx.customers.many(ids).items()}

    def assign(self, subject: str, person_id: PersonId, actor: Actor, why: str = "") -> str | None:
        """Hand something to a person; return their name, None when there is no such person.

        `subject` is named as in the audit trail: "campaign:c_1", "reply:r_1".
        """
        now = self._p.clock.now()
        with self._store.begin() as tx:
            person = tx.people.get(person_id)
            if person is None:
                return None
            tx.desk.assign(
                Assignment(subject=subject, person_id=person.id, by=actor.name, at=now, why=why)
            )
            detail: dict[str, object] = {"to": person.name}
            if why:
                detail["why"] = why
            tx.audit.add(now, actor.name, "desk.assigned", subject, detail)
            return person.name

    def waiting(self) -> tuple[Mapping[CampaignStatus, int], int]:
        """Return how many campaigns are in each state, and how many conversations wait for one."""
        with self._store.read() as tx:
            return tx.campaigns.counts(), tx.inbox.waiting()


def _in_order(outline: Sequence[Outlined], reasons: Mapping[MessageId, str]) -> Sequence[MessageId]:
    """Return what is to be read in the audience's order; of too much, what a person changed stays."""
    edited = [one.id for one in outline if one.edited]
    # The same words may be confirmed in thousands: those are not to hide what somebody rewrote.
    vouched = [one.id for one in outline if one.vouched and not one.edited]
    by_hand = {*edited, *vouched}
    others = [one.id for one in outline if one.id in reasons and one.id not in by_hand]
    kept = {*[*edited, *vouched, *others][:READ_AT_MOST]}
    return [one.id for one in outline if one.id in kept]


def _drawn(seed: str, message_id: str) -> str:
    return hashlib.sha256(f"{seed}{message_id}".encode()).hexdigest()


def _rows(tx: Tx, campaign_id: CampaignId, ids: Sequence[CustomerId]) -> list[Row]:
    members = tx.desk.members(campaign_id, ids)
    messages = tx.desk.messages_to(campaign_id, ids)
    return [Row(member=members[i], messages=messages.get(i, ())) for i in ids]


def _chosen(rows: Sequence[Row], customer_id: CustomerId | None) -> Row | None:
    return next((r for r in rows if r.member.customer_id == customer_id), None)


def _waiting(tx: Tx, campaign: Campaign, approver: Person | None) -> Waiting:
    outline = tx.desk.outline(campaign.id)
    open_still = campaign.status is CampaignStatus.IN_REVIEW
    return Waiting(
        line=_line(tx, campaign),
        approver=approver,
        edited=sum(one.edited for one in outline),
        vouched=sum(one.vouched for one in outline),
        new_templates=tx.desk.new_templates(campaign.id) if open_still else (),
    )


def _line(tx: Tx, campaign: Campaign) -> CampaignLine:
    return CampaignLine(
        campaign=campaign,
        customers=tx.campaigns.audience(campaign.id, 0, 0).customers,
        funnel=funnel(tx.messages.counts(campaign.id), tx.replies.answered(campaign.id), 0),
    )


def _name(tx: Tx, kind: str, which: str) -> str:
    match kind:
        case "campaign":
            campaign = tx.campaigns.get(CampaignId(which))
            return campaign.name if campaign else ""
        case "customer":
            customer = tx.customers.get(CustomerId(which))
            return customer.name if customer else ""
        case "reply":
            reply = tx.replies.get(ReplyId(which))
            if reply is None:
                return ""
            return f"Reply from {reply.sender.customer if reply.sender else 'an unknown sender'}"
        case "message":
            message = tx.messages.get(MessageId(which))
            if message is None:
                return ""
            what = "Answer" if message.answer else "Message"
            return f"{what} to {message.customer or 'an unknown sender'}"
        case "automation":
            automation = tx.automations.get(AutomationId(which))
            return automation.name if automation else ""
        case _:
            return ""
