"""What the customer book says otherwise since a draft was composed, and writing only that anew."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from campaigns.flow.approve import EDITABLE, require
from campaigns.flow.audience import with_members
from campaigns.model.access import Actor
from campaigns.model.audience import Member
from campaigns.model.campaign import Campaign
from campaigns.model.errors import WrongState
from campaigns.model.ids import CampaignId, CustomerId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.ports import Tx
from campaigns.orchestrator.approvals import save, void_approval
from campaigns.orchestrator.customers import CustomerBook
from campaigns.orchestrator.lookup import campaign_in
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.seal import hash_of
from campaigns.orchestrator.staleness import Staleness
from campaigns.orchestrator.writing import Writing

SHOWN = 5  # customers named in a refusal
REMEMBERED = 200  # looks kept, so that a page asks no more often than something changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A customer of a draft of whom the book says something else by now.

    `edited` when a person changed words to them. `matches` is False when they no longer belong to
    the audience or to the book, so that nothing can be written to them anew.
    """

    customer_id: CustomerId
    customer: str
    why: str
    edited: bool
    matches: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Recomposed:
    """How many customers were written to anew; `kept` have a person's words, `blocked` need a fix.

    `left` are those to whom nothing could be written anew.
    """

    customers: int
    kept: int
    blocked: int
    left: Sequence[Drift] = ()


class Recomposing:
    """The look for what changed, and the step that writes it anew."""

    def __init__(self, ports: Ports, book: CustomerBook, writing: Writing) -> None:
        self._p = ports
        self._book = book
        self._writing = writing
        self._staleness = Staleness(writing)
        self._looks: OrderedDict[tuple[object, ...], Sequence[Drift]] = OrderedDict()

    def drift(self, campaign_id: CampaignId) -> Sequence[Drift]:
        """Return of whom the book says something else than a draft's messages; nothing is changed."""
        digest = self._book.digest
        with self._p.store.read() as tx:
            campaign = campaign_in(tx, campaign_id)
            if campaign.composed_from == digest or campaign.status not in EDITABLE:
                return ()
            look = (campaign_id, campaign.revision, digest)
            if look not in self._looks:
                self._looks[look] = self._drift(tx, campaign, tx.messages.all(campaign_id))
        while len(self._looks) > REMEMBERED:
            self._looks.popitem(last=False)
        return self._looks[look]

    def _drift(self, tx: Tx, campaign: Campaign, messages: Sequence[Message]) -> Sequence[Drift]:
        changes = self._staleness.changes(tx, [m for m in messages if not m.attempt])
        if not changes:
            return ()
        fresh = tx.customers.resolve(campaign.plan, campaign.toggles)
        inside = {m.customer_id: m for m in fresh.members}
        edited: dict[CustomerId, list[Message]] = {}
        for m in messages:
            edited.setdefault(m.customer_id, []).extend([m] if m.edited else [])
        first: dict[CustomerId, Drift] = {}
        for m in messages:
            if m.id in changes and m.customer_id not in first:
                by_hand = edited[m.customer_id]
                first[m.customer_id] = Drift(
                    customer_id=m.customer_id,
                    customer=m.customer,
                    why=changes[m.id],
                    edited=bool(by_hand),
                    matches=_may_be_written(inside.get(m.customer_id), by_hand),
                )
        return tuple(first.values())

    def recompose(self, campaign_id: CampaignId, actor: Actor) -> Recomposed:
        """Write to the customers anew of whom the book says something else, and to nobody else.

        Words a person changed stay and are checked against the book as it is now. Who cannot be
        written to anew is left as is: a new look for the audience decides about them. Voids an
        approval.
        """
        digest, drift = self._book.digest, self.drift(campaign_id)
        wanted = {d.customer_id for d in drift if d.matches}
        if not wanted:
            raise WrongState(_nothing_to_write(drift))
        with self._p.store.read() as tx:
            campaign = campaign_in(tx, campaign_id)
            require(campaign, EDITABLE, "recomposed")
            before = tx.messages.all(campaign_id)
            fresh = tx.customers.resolve(campaign.plan, campaign.toggles)
            members = {m.customer_id: m for m in fresh.members if m.customer_id in wanted}
            customers = tx.customers.many(list(wanted))
        # Nothing is locked meanwhile: a text may have to be written.
        kept = {(m.contact_id, m.channel): m for m in before}
        audience = replace(fresh, members=tuple(members.values()))
        left = {m.id for m in before if m.attempt}
        anew = [
            m for m in self._writing.write(campaign, audience, customers, kept) if m.id not in left
        ]
        rest = [m for m in before if m.customer_id not in wanted or m.id in left]
        if all(d.matches for d in drift):
            campaign = replace(campaign, composed_from=digest)
        with self._p.store.begin() as tx:
            self._put(tx, campaign, members, [*map(_unapproved, rest), *anew])
            done = Recomposed(
                customers=len(wanted),
                kept=len({m.customer_id for m in anew if m.edited}),
                blocked=sum(m.status is MessageStatus.BLOCKED for m in anew),
                left=tuple(d for d in drift if not d.matches),
            )
            detail: dict[str, object] = {
                "customers": sorted(wanted),
                "kept": done.kept,
                "blocked": done.blocked,
            }
            now = self._p.clock.now()
            tx.audit.add(now, actor.name, "campaign.recomposed", f"campaign:{campaign_id}", detail)
        return done

    def _put(
        self,
        tx: Tx,
        campaign: Campaign,
        members: Mapping[CustomerId, Member],
        messages: Sequence[Message],
    ) -> None:
        """Store the messages, and the audience with these members as the book has them now.

        Raises `Stale` when the campaign was changed since it was read.
        """
        now = self._p.clock.now()
        frozen = tx.campaigns.audience(campaign.id)
        inside = [members.get(m.customer_id, m) for m in frozen.members]
        known = tx.customers.many([m.customer_id for m in inside])
        audience = with_members(frozen, inside, known.values())
        voided = void_approval(tx, campaign, now)
        save(
            tx,
            replace(voided, content_hash=hash_of(messages, audience), updated_at=now),
        )
        tx.campaigns.freeze(campaign.id, audience)
        tx.messages.replace_drafts(campaign.id, [m for m in messages if not m.attempt])


def _nothing_to_write(drift: Sequence[Drift]) -> str:
    said = "Nothing that could be recomposed has changed since it was composed."
    if not drift:
        return said
    gone = ", ".join(d.customer for d in drift[:SHOWN])
    return f"{said} No longer in the audience: {gone}. Setting its filters anew leaves them out."


def _may_be_written(member: Member | None, by_hand: Sequence[Message]) -> bool:
    """Whether a customer is still in the audience, with a place for every word changed by hand."""
    return member is not None and all(
        any(
            c.chosen and c.contact.id == m.contact_id and m.channel in c.channels
            for c in member.contacts
        )
        for m in by_hand
    )


def _unapproved(message: Message) -> Message:
    """Return a message that is kept as it is now that the approval is void."""
    if message.status is MessageStatus.APPROVED:
        return replace(message, status=MessageStatus.VERIFIED)
    return message
