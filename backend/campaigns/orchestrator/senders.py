"""Who wrote a reply when the address does not say so: a person's word for it, and the way back.

It is about the whole talk: every reply from that address which the book does not settle, those to
come as well. What should be done is worked out again from that customer's record, and a complaint
holds campaigns to it. The address itself stays out of the customer book until a person puts it
there, and nobody is written to because of it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from campaigns.book.edits.people import Person
from campaigns.model.access import Actor
from campaigns.model.change import Change
from campaigns.model.customer import Channel, Contact, Customer
from campaigns.model.errors import Among, EditRefused, NotFound, WrongState
from campaigns.model.fold import fold
from campaigns.model.ids import ContactId, CustomerId, ReplyId
from campaigns.model.ports import Tx
from campaigns.model.reply import Reply, Sender
from campaigns.orchestrator.conversation import Inbound, known, suggestion
from campaigns.orchestrator.editing import BookEditing
from campaigns.orchestrator.lookup import customer_in, reply_in
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.writing import Writing, contact_of

TALK = 1_000  # replies of one address that are looked at


class Senders:
    """Ties a talk to a customer by a person's word."""

    def __init__(self, ports: Ports, writing: Writing, editing: BookEditing) -> None:
        self._p = ports
        self._writing = writing
        self._editing = editing

    def sharing(self, reply_id: ReplyId) -> Sequence[Sender]:
        """Return the contacts of the book at a reply's address: none, or more than one."""
        with self._p.store.read() as tx:
            reply = reply_in(tx, reply_id)
            return tx.customers.at_address(reply.channel, reply.address)

    def say(
        self, reply_id: ReplyId, customer_id: CustomerId, contact_id: ContactId | None, actor: Actor
    ) -> Reply:
        """Say that a reply is from this customer, and from which contact where that is known.

        Said twice, it is the same. Raises `NotFound`, and `WrongState` when the address says who
        it is, or when somebody said that it is somebody else.
        """
        with self._p.store.begin() as tx:
            reply = reply_in(tx, reply_id)
            tx.answers.lock(reply)
            reply = reply_in(tx, reply_id)
            customer, contact = _who(tx, customer_id, contact_id)
            found = reply.sender
            if found is not None:
                if found.said_by and (found.customer_id, found.contact_id) == (
                    customer_id,
                    contact_id,
                ):
                    return reply
                raise WrongState(_settled(found))
            sender = Sender(
                customer_id=customer.id,
                customer=customer.name,
                contact_id=contact_id,
                contact=contact.name if contact else None,
                said_by=actor.name,
            )
            detail: dict[str, object] = {"customer": customer_id, "contact": contact_id}
            return self._settle(tx, reply, sender, actor, "reply.sender_said", detail)

    def unsay(self, reply_id: ReplyId, actor: Actor) -> Reply:
        """Take back who a reply is from; raises `WrongState` where nobody said it."""
        with self._p.store.begin() as tx:
            reply = reply_in(tx, reply_id)
            tx.answers.lock(reply)
            reply = reply_in(tx, reply_id)
            if reply.sender is None:
                return reply
            if reply.sender.said_by is None:
                raise WrongState(_settled(reply.sender))
            detail: dict[str, object] = {"customer": reply.sender.customer_id}
            return self._settle(tx, reply, None, actor, "reply.sender_unsaid", detail)

    def enter(self, reply_id: ReplyId, role: str, name: str, actor: Actor) -> Change:
        """Put a reply's address into the customer book, at a contact of its customer.

        The contact of that role and name gets it, or a new one. Raises `WrongState` when it is
        nobody's yet, `EditRefused` when that contact has another address on the channel.
        """
        with self._p.store.read() as tx:
            reply = reply_in(tx, reply_id)
            customer = tx.customers.get(reply.sender.customer_id) if reply.sender else None
        if customer is None:
            raise WrongState("Say first which customer this reply is from.")
        for contact in customer.contacts:
            held = contact.address(reply.channel)
            if _is_meant(contact, role, name) and held and held.value != reply.address:
                raise EditRefused(
                    f"{contact.name or contact.role_written} has another {reply.channel.value} "
                    "address in the book. Give another name, or change it on the customer's page."
                )
        person = Person(
            role=role, name=name or None, lines={_line_of(reply.channel): reply.address}
        )
        return self._editing.put_contact(customer.id, person, actor)

    def _settle(
        self,
        tx: Tx,
        reply: Reply,
        sender: Sender | None,
        actor: Actor,
        action: str,
        detail: dict[str, object],
    ) -> Reply:
        """Store who the open replies of a talk are from, and what is to be done about each."""
        talk = [
            self._reread(tx, one, sender)
            for one in tx.inbox.replies_from(reply.channel, reply.address, TALK)
            if one.sender is None or one.sender.said_by
        ]
        for one in talk:
            tx.inbox.reread(one)
        detail["replies"] = len(talk)
        tx.audit.add(self._p.clock.now(), actor.name, action, f"reply:{reply.id}", detail)
        return next(one for one in talk if one.id == reply.id)

    def _reread(self, tx: Tx, reply: Reply, sender: Sender | None) -> Reply:
        inbound = Inbound(
            channel=reply.channel, address=reply.address, written=reply.address, text=reply.text
        )
        about = replace(known(tx, inbound, None, self._p.clock.today()), sender=sender)
        advice = suggestion(tx, self._writing, inbound, about, reply.reading)
        return replace(reply, sender=sender, suggestion=advice)


def _who(
    tx: Tx, customer_id: CustomerId, contact_id: ContactId | None
) -> tuple[Customer, Contact | None]:
    customer = customer_in(tx, customer_id)
    contact = contact_of(customer, contact_id)
    if contact_id is not None and contact is None:
        raise NotFound(f"There is no contact {contact_id} of {customer_id}.", Among.CONTACTS)
    return customer, contact


def _settled(found: Sender) -> str:
    if found.said_by is None:
        return f"The address says that this is {found.customer}."
    return f"{found.said_by} has said that this is {found.customer}. Take that back first."


def _is_meant(contact: Contact, role: str, name: str) -> bool:
    """Whether a change of the book for this role and name would change this contact."""
    same_role = fold(contact.role_written) == fold(role)
    return same_role and (not name or not contact.name or fold(contact.name) == fold(name))


def _line_of(channel: Channel) -> str:
    """Return the line of a contact in the book that holds an address of a channel."""
    match channel:
        case Channel.WHATSAPP:
            return "whatsapp"
        case Channel.LINE:
            return "line"
        case Channel.EMAIL:
            return "email"
        case _:
            assert_never(channel)
