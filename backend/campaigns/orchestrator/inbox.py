"""The inbox: conversations, and what people do about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.model.access import Actor
from campaigns.model.consent import Suppression
from campaigns.model.customer import Channel, Customer
from campaigns.model.errors import NotFound
from campaigns.model.ids import CampaignId, CustomerId, ReplyId
from campaigns.model.lists import InboxFilter, InboxQuery
from campaigns.model.message import Message
from campaigns.model.people import Assignment, Person
from campaigns.model.ports import Tx
from campaigns.model.reply import Reply
from campaigns.orchestrator.ports import Ports

LISTED = 100
THREAD = 50
RECENT = 6
WHATSAPP_WINDOW = timedelta(hours=24)  # in which Meta takes free text after a customer wrote


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
    """

    reply: Reply
    turns: Sequence[Turn]
    customer: Customer | None
    assignment: Assignment | None
    assignee: Person | None
    suppression: Suppression | None
    window_until: datetime | None


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

    def thread(self, reply_id: ReplyId) -> Thread:
        """Return the conversation around a reply; raises `NotFound`."""
        with self._p.store.read() as tx:
            found = _reply_in(tx, reply_id)
            assignment = tx.desk.assigned([f"reply:{reply_id}"]).get(f"reply:{reply_id}")
            customer_id = found.sender.customer_id if found.sender else None
            key = (found.channel, found.address)
            turns = _turns(tx, found)
            heard = [t.at for t in turns if t.reply]
            return Thread(
                reply=found,
                turns=turns,
                customer=tx.customers.get(customer_id) if customer_id else None,
                assignment=assignment,
                assignee=tx.people.get(assignment.person_id) if assignment else None,
                suppression=tx.consents.suppressed([key]).get(key),
                window_until=max(heard) + WHATSAPP_WINDOW
                if found.channel is Channel.WHATSAPP and heard
                else None,
            )

    def pulse(self) -> object:
        """Return a value that is equal as long as nothing new came and nothing was dealt with."""
        with self._p.store.read() as tx:
            return tx.inbox.waiting(), tx.inbox.newest()

    def finish(self, reply_id: ReplyId, actor: Actor) -> None:
        """Mark a conversation up to this reply as dealt with."""
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            if tx.inbox.finish(_reply_in(tx, reply_id), now):
                tx.audit.add(now, actor.name, "reply.done", f"reply:{reply_id}", {})

    def reopen(self, reply_id: ReplyId, actor: Actor) -> None:
        """Take a conversation up again that was done."""
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            if tx.inbox.reopen(_reply_in(tx, reply_id)):
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


def _reply_in(tx: Tx, reply_id: ReplyId) -> Reply:
    found = tx.replies.get(reply_id)
    if found is None:
        raise NotFound(f"There is no reply {reply_id}.")
    return found


def _turns(tx: Tx, found: Reply) -> list[Turn]:
    sent = tx.inbox.messages_to(found.channel, found.address, THREAD)
    said = tx.inbox.replies_from(found.channel, found.address, THREAD)
    turns = [Turn(at=at, message=m, campaign=_name(tx, m.campaign_id)) for m, at in sent]
    turns += [Turn(at=r.received_at, reply=r) for r in said]
    return sorted(turns, key=lambda t: t.at)


def _name(tx: Tx, campaign_id: CampaignId) -> str:
    campaign = tx.campaigns.get(campaign_id)
    return campaign.name if campaign else ""
