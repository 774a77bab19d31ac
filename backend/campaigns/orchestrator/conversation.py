"""What is known about words that came in: who wrote them, what they answer, what may be said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from campaigns.flow.answer import Situation, suggest
from campaigns.model.customer import Channel, Customer
from campaigns.model.delivery import DeliveryEvent
from campaigns.model.facts import Facts
from campaigns.model.ids import MessageId
from campaigns.model.message import Message
from campaigns.model.plan import CampaignType
from campaigns.model.ports import Tx
from campaigns.model.reply import Reading, ReplyContext, Sender, Suggestion
from campaigns.orchestrator.wishes import address_of
from campaigns.orchestrator.writing import Writing, contact_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """Words that came in. `address` is None when what was written is no address of the channel.

    `event` is the provider's news of them, None when a person or another system told us.
    """

    channel: Channel
    address: str | None
    written: str
    text: str
    auto: bool = False
    event: DeliveryEvent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about inbound words before they are read.

    `guessed` is True for a mail that names none of ours: `message` is the newest to its sender.
    """

    address: str | None
    message: Message | None
    sender: Sender | None
    context: ReplyContext
    guessed: bool = False


def known(tx: Tx, inbound: Inbound, told_of: MessageId | None, today: date) -> Known:
    """Return what is known; `told_of` is the message the provider says they answer."""
    answered = campaign_message(tx, told_of)
    address = inbound.address
    if inbound.event is not None:
        address = address_of(inbound.event, answered)
    message = answered or (tx.messages.latest_to(inbound.channel, address) if address else None)
    return Known(
        address=address,
        message=message,
        sender=_sender(tx, inbound.channel, address, message),
        context=ReplyContext(
            today=today,
            survey_open=type_of(tx, message) is CampaignType.SURVEY,
            auto_reply=inbound.auto,
            has_campaign=message is not None,
        ),
        guessed=inbound.event is not None
        and inbound.channel is Channel.EMAIL
        and answered is None
        and message is not None,
    )


def real_message(tx: Tx, message_id: MessageId | None) -> Message | None:
    """Return a message by its id, tests aside: a look at one is no talk with its customer."""
    message = tx.messages.get(message_id) if message_id else None
    return None if message is not None and message.is_test else message


def campaign_message(tx: Tx, message_id: MessageId | None) -> Message | None:
    """Return the message of a campaign that somebody answers.

    Where they answer an answer of ours, it is the one that the talk began with.
    """
    found = real_message(tx, message_id)
    if found is None or found.answer is None:
        return found
    return real_message(tx, found.answer.to)


def suggestion(
    tx: Tx, writing: Writing, inbound: Inbound, about: Known, reading: Reading
) -> Suggestion:
    """Return what to do about a reply, from the record as it is now."""
    sender = about.sender
    customer = tx.customers.get(sender.customer_id) if sender else None
    facts = facts_of(writing, customer, sender, about.message)
    return suggest(
        reading,
        Situation(
            today=about.context.today,
            text=inbound.text,
            known=sender is not None,
            guessed=about.guessed,
            facts=facts,
            campaign_type=type_of(tx, about.message),
            size=customer.size if customer else None,
            phone=_phone(customer, sender, inbound.channel, about.address),
            high_value=writing.high_value(customer) if customer else None,
        ),
    )


def _sender(
    tx: Tx, channel: Channel, address: str | None, message: Message | None
) -> Sender | None:
    """Return who an address belongs to; None when it is nobody's, or more than one's.

    Where several contacts share an address, the one we last wrote to there answers. Of an address
    that the book does not settle, the word of a person about the talk before holds.
    """
    if not address:
        return None
    owners: Sequence[Sender] = tx.customers.at_address(channel, address)
    if message is not None:
        addressed = [o for o in owners if o.contact_id == message.contact_id]
        found = addressed[0] if addressed else _addressee(message)
        return replace(found, campaign_id=message.campaign_id, message_id=message.id)
    return owners[0] if len(owners) == 1 else _said(tx, channel, address)


def _said(tx: Tx, channel: Channel, address: str) -> Sender | None:
    """Return who a person said writes from an address, as long as the book has that customer."""
    last = next(iter(tx.inbox.replies_from(channel, address, 1)), None)
    found = last.sender if last else None
    if found is None or found.said_by is None or tx.customers.get(found.customer_id) is None:
        return None
    return found


def _addressee(message: Message) -> Sender:
    return Sender(
        customer_id=message.customer_id,
        customer=message.customer,
        contact_id=message.contact_id,
        contact=message.contact,
    )


def type_of(tx: Tx, message: Message | None) -> CampaignType | None:
    """Return the type of a message's campaign, None without one."""
    campaign = tx.campaigns.get(message.campaign_id) if message else None
    return campaign.plan.type if campaign else None


def facts_of(
    writing: Writing, customer: Customer | None, sender: Sender | None, message: Message | None
) -> Facts | None:
    """Return what may be stated to the sender: the record as it is now."""
    if sender is None:
        return None
    contact = contact_of(customer, sender.contact_id)
    if customer is None or contact is None:
        return message.facts if message else None
    return writing.facts(customer, contact)


def _phone(
    customer: Customer | None, sender: Sender | None, channel: Channel, address: str | None
) -> str | None:
    """Return the number to call the sender back on: the one they wrote from, or the book's."""
    if channel is Channel.WHATSAPP:
        return address
    contact = contact_of(customer, sender.contact_id) if sender else None
    found = contact.address(Channel.WHATSAPP) if contact else None
    return found.value if found else None
