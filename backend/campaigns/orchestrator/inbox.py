"""The inbox: conversations, and what people do about them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.model.access import Actor
from campaigns.model.consent import Suppression
from campaigns.model.customer import Channel, Customer
from campaigns.model.ids import CampaignId, CustomerId, PersonId, ReplyId
from campaigns.model.lists import InboxFilter, InboxQuery
from campaigns.model.message import Message
from campaigns.model.people import Assignment, Person
from campaigns.model.ports import Tx
from campaigns.model.reply import Reply
from campaigns.orchestrator.fitness import window_until
from campaigns.orchestrator.lookup import reply_in
from campaigns.orchestrator.ports import Ports

LISTED = 100
THREAD = 50
RECENT = 6
BESIDE = timedelta(minutes=2)  # who opened it before that has gone on to something else


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One thing said: by us (`message`) or by them (`reply`)."""

    at: datetime
    message: Message | None = None
    reply: Reply | None = None
    campaign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A conversation: everything said, oldest first, around the reply looked at.

    `window_until` is when WhatsApp stops taking free text, None on other channels.
    `beside` are the names of others who have it open too.
    """

    reply: Reply
    turns: Sequence[Turn]
    customer: Customer | None
    assignment: Assignment | None
    assignee: Person | None
    suppression: Suppression | None
    window_until: datetime | None
    beside: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxView:
    """The list beside the conversation; `assignees` are names by reply."""

    conversations: Sequence[Reply]
    counts: Mapping[InboxFilter, int]
    assignees: Mapping[ReplyId, str]


class Inbox:
    """Conversations with customers."""

    def __init__(self, ports: Ports) -> None:
        self._p = ports

    def view(self, query: InboxQuery) -> InboxView:
        """Return the conversations that match, and how many each filter holds."""
        with self._p.store.read() as tx:
            found = tx.inbox.conversations(query, 0, LISTED)
            assigned = tx.desk.assigned([f"reply:{r.id}" for r in found])
            people = {p.id: p.name for p in tx.people.all()}
            return InboxView(
                conversations=found,
                counts=tx.inbox.counts(query),
                assignees={
                    r.id: people.get(assigned[f"reply:{r.id}"].person_id, "")
                    for r in found
                    if f"reply:{r.id}" in assigned
                },
            )

    def thread(self, reply_id: ReplyId, me: PersonId | None = None) -> Thread:
        """Return the conversation around a reply, as `me` sees it; raises `NotFound`."""
        with self._p.store.read() as tx:
            found = reply_in(tx, reply_id)
            assignment = tx.desk.assigned([f"reply:{reply_id}"]).get(f"reply:{reply_id}")
            customer_id = found.sender.customer_id if found.sender else None
            key = (found.channel, found.address)
            turns = _turns(tx, found)
            return Thread(
                reply=found,
                turns=turns,
                customer=tx.customers.get(customer_id) if customer_id else None,
                assignment=assignment,
                assignee=tx.people.get(assignment.person_id) if assignment else None,
                suppression=tx.consents.suppressed([key]).get(key),
                window_until=window_until(tx, found.address)
                if found.channel is Channel.WHATSAPP
                else None,
                beside=self._beside(tx, found, me) if me else (),
            )

    def attend(self, reply_id: ReplyId, me: PersonId) -> None:
        """Note that somebody who may answer has a conversation open."""
        with self._p.store.begin() as tx:
            found = reply_in(tx, reply_id)
            tx.answers.look(_talk(found), me, self._p.clock.now())

    def _beside(self, tx: Tx, found: Reply, me: PersonId) -> Sequence[str]:
        looking = tx.answers.looking(_talk(found), self._p.clock.now() - BESIDE)
        return sorted(p.name for p in tx.people.all() if p.id in looking and p.id != me)

    def pulse(self) -> object:
        """Return a value that is equal as long as nothing new came and nothing was dealt with."""
        with self._p.store.read() as tx:
            return tx.inbox.waiting(), tx.inbox.newest(), tx.answers.changed_at()

    def finish(self, reply_id: ReplyId, actor: Actor) -> None:
        """Mark a conversation up to this reply as dealt with."""
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            if tx.inbox.finish(reply_in(tx, reply_id), now):
                tx.audit.add(now, actor.name, "reply.done", f"reply:{reply_id}", {})

    def reopen(self, reply_id: ReplyId, actor: Actor) -> None:
        """Take a conversation up again that was done."""
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            if tx.inbox.reopen(reply_in(tx, reply_id)):
                tx.audit.add(now, actor.name, "reply.reopened", f"reply:{reply_id}", {})

    def history(
        self, customer_id: CustomerId
    ) -> tuple[Sequence[tuple[CampaignId, str, Message]], Sequence[Reply]]:
        """Return the newest messages to a customer with their campaigns' names, and its replies."""
        with self._p.store.read() as tx:
            sent = [
                (campaign_id, _name(tx, campaign_id), m)
                for campaign_id, m in tx.inbox.campaigns_of(customer_id, RECENT)
            ]
            return sent, tx.inbox.of_customer(customer_id, RECENT)


def _turns(tx: Tx, found: Reply) -> list[Turn]:
    sent = tx.inbox.messages_to(found.channel, found.address, THREAD)
    said = tx.inbox.replies_from(found.channel, found.address, THREAD)
    turns = [Turn(at=at, message=m, campaign=_name(tx, m.campaign_id)) for m, at in sent]
    turns += [Turn(at=r.received_at, reply=r) for r in said]
    answers = tx.answers.in_conversation(found, THREAD)
    turns += [Turn(at=m.answer.written_at, message=m) for m in answers if m.answer]
    return sorted(turns, key=lambda t: t.at)


def _talk(reply: Reply) -> str:
    """Return what names a conversation, whichever reply of it is looked at."""
    address = f"{reply.channel.value}:{reply.address}"
    return f"talk:{hashlib.sha256(address.encode()).hexdigest()}"


def _name(tx: Tx, campaign_id: CampaignId) -> str:
    campaign = tx.campaigns.get(campaign_id)
    return campaign.name if campaign else ""
