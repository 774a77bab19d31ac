"""Replies: who wrote, what it means, what follows at once, what a person is asked to do."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from campaigns.book import AddressRefused, normalise
from campaigns.flow.answer import Situation, suggest
from campaigns.model.access import SYSTEM, Actor
from campaigns.model.consent import Consent, Suppression, SuppressionReason
from campaigns.model.customer import Channel, Customer
from campaigns.model.delivery import DeliveryEvent, EventType
from campaigns.model.errors import Fault, NotFound, RequestInvalid
from campaigns.model.facts import Facts
from campaigns.model.ids import CampaignId, ReplyId
from campaigns.model.message import Message
from campaigns.model.plan import CampaignType
from campaigns.model.ports import Tx
from campaigns.model.reply import Intent, Reading, Reply, ReplyContext, Sender, Suggestion
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.writing import Writing, contact_of

EVIDENCE_CHARS = 300


class Answers:
    """The answer step."""

    def __init__(self, ports: Ports, writing: Writing) -> None:
        self._p = ports
        self._writing = writing

    def respond(self, identifier: str, text: str, channel: Channel, actor: Actor) -> Reply:
        """Take in an answer from `identifier`: a phone, an e-mail address or a LINE id.

        Matched exactly after normalising; an unknown one is kept and handed to a person. A
        STOP from an unknown but valid address suppresses that address all the same.
        """
        address = _address(channel, identifier)
        with self._p.store.begin() as tx:
            return self._take(tx, channel, address, identifier, text, actor)

    def heard(self, event: DeliveryEvent) -> None:
        """Act on news about people, once: a reply, an opt-out, a follow, a complaint."""
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            if not tx.outbox.record(event, now).new:
                return
            address = event.address or ""
            match event.type:
                case EventType.REPLIED:
                    self._take(tx, event.channel, address, address, event.text or "", SYSTEM)
                case EventType.AUTO_REPLIED:
                    self._take(
                        tx, event.channel, address, address, event.text or "", SYSTEM, auto=True
                    )
                case EventType.UNSUBSCRIBED | EventType.UNFOLLOWED:
                    self._suppress(
                        tx, event.channel, address, SuppressionReason.OPT_OUT, event.type.value, ""
                    )
                    tx.consents.withdraw(event.channel, address)
                case EventType.COMPLAINED:
                    self._suppress(
                        tx, event.channel, address, SuppressionReason.COMPLAINT, "provider", ""
                    )
                case EventType.FOLLOWED:
                    self._follow(tx, event, now)
                case _:
                    pass  # kept as an event; nothing follows from it

    def _follow(self, tx: Tx, event: DeliveryEvent, now: datetime) -> None:
        if event.address:
            tx.consents.consent(
                Consent(
                    channel=event.channel,
                    address=event.address,
                    source="follow",
                    evidence=event.dedupe_key,
                    at=now,
                )
            )

    def read(self, text: str, context: ReplyContext) -> Reading:
        """Read an answer; nothing is stored and nothing follows."""
        return self._p.reader.read(text, context)

    # --- one reply -------------------------------------------------------------------------------

    def _take(  # noqa: PLR0913 - what is known about one inbound text
        self,
        tx: Tx,
        channel: Channel,
        address: str | None,
        written: str,
        text: str,
        actor: Actor,
        *,
        auto: bool = False,
    ) -> Reply:
        now = self._p.clock.now()
        message = tx.messages.latest_to(channel, address) if address else None
        sender = self._sender(tx, channel, address, message)
        kind = self._type(tx, message)
        context = ReplyContext(
            today=self._p.clock.today(),
            survey_open=kind is CampaignType.SURVEY,
            auto_reply=auto,
            has_campaign=message is not None,
        )
        reading = self._p.reader.read(text, context)
        reply = Reply(
            id=ReplyId(self._p.ids.new("r")),
            channel=channel,
            address=address or written,
            text=text,
            received_at=now,
            sender=sender,
            reading=reading,
            suggestion=self._suggested(tx, reading, sender, message, text, (channel, address)),
        )
        suggestion = reply.suggestion
        tx.replies.add(reply)
        tx.audit.add(
            now,
            actor.name,
            "reply.received",
            f"reply:{reply.id}",
            {
                "intent": reading.intent.value,
                "customer": sender.customer_id if sender else None,
                "escalated": suggestion.escalate,
            },
        )
        if address:
            self._obey_opt_out(tx, channel, address, reading, text)
        return reply

    def _suggested(
        self,
        tx: Tx,
        reading: Reading,
        sender: Sender | None,
        message: Message | None,
        text: str,
        came_by: tuple[Channel, str | None],
    ) -> Suggestion:
        """Return what to do about a reply, from the record as it is now."""
        customer = tx.customers.get(sender.customer_id) if sender else None
        return suggest(
            reading,
            Situation(
                today=self._p.clock.today(),
                text=text,
                known=sender is not None,
                facts=self._facts(customer, sender, message),
                campaign_type=self._type(tx, message),
                size=customer.size if customer else None,
                phone=_phone(customer, sender, *came_by),
            ),
        )

    def _sender(
        self, tx: Tx, channel: Channel, address: str | None, message: Message | None
    ) -> Sender | None:
        """Return who an address belongs to; None when it is nobody's, or more than one's.

        Where several contacts share an address, the one we last wrote to there answers.
        """
        if not address:
            return None
        owners: Sequence[Sender] = tx.customers.at_address(channel, address)
        if message is not None:
            addressed = [o for o in owners if o.contact_id == message.contact_id]
            found = addressed[0] if addressed else _addressee(message)
            return replace(found, campaign_id=message.campaign_id, message_id=message.id)
        return owners[0] if len(owners) == 1 else None

    def _type(self, tx: Tx, message: Message | None) -> CampaignType | None:
        campaign = tx.campaigns.get(message.campaign_id) if message else None
        return campaign.plan.type if campaign else None

    def _facts(
        self, customer: Customer | None, sender: Sender | None, message: Message | None
    ) -> Facts | None:
        """Return what may be stated to the sender: the record as it is now."""
        if sender is None:
            return None
        contact = contact_of(customer, sender.contact_id)
        if customer is None or contact is None:
            return message.facts if message else None
        return self._writing.facts(customer, contact)

    def _obey_opt_out(
        self, tx: Tx, channel: Channel, address: str, reading: Reading, text: str
    ) -> None:
        """Suppress at once on a clear refusal; on any sign of one, until a person decides."""
        if reading.intent is Intent.OPT_OUT and not reading.unsure:
            reason = SuppressionReason.OPT_OUT
        elif reading.opt_out_sign:
            reason = SuppressionReason.POSSIBLE_OPT_OUT
        else:
            return
        self._suppress(tx, channel, address, reason, "reply", text[:EVIDENCE_CHARS])

    def _suppress(
        self,
        tx: Tx,
        channel: Channel,
        address: str,
        reason: SuppressionReason,
        source: str,
        evidence: str,
    ) -> bool:
        now = self._p.clock.now()
        new = bool(address) and tx.consents.suppress(
            Suppression(
                channel=channel,
                address=address,
                reason=reason,
                source=source,
                evidence=evidence,
                at=now,
            )
        )
        if new:
            detail: dict[str, object] = {"reason": reason.value, "source": source}
            tx.audit.add(
                now, SYSTEM.name, "address.suppressed", f"{channel.value}:{address}", detail
            )
        return new

    # --- by hand and by link -----------------------------------------------------------------------

    def finish(self, reply_id: ReplyId, actor: Actor) -> Reply:
        """Mark a reply as dealt with."""
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            found = tx.replies.get(reply_id)
            if found is None:
                raise NotFound(f"There is no reply {reply_id}. List them: GET /api/replies")
            if tx.replies.finish(reply_id, now):
                tx.audit.add(now, actor.name, "reply.done", f"reply:{reply_id}", {})
            return replace(found, done_at=found.done_at or now)

    def correct(self, reply_id: ReplyId, intent: Intent, actor: Actor) -> Reply:
        """Take a person's word for what a reply means; what follows is worked out again.

        The words of the reading stay as evidence. A refusal suppresses the address at once.
        """
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            found = tx.replies.get(reply_id)
            if found is None:
                raise NotFound(f"There is no reply {reply_id}. List them: GET /api/replies")
            message = tx.messages.latest_to(found.channel, found.address)
            reading = replace(
                found.reading,
                intents=(intent, *(i for i in found.reading.intents if i is not intent)),
                confidence=1.0,
                unsure=False,
                likeliest=(),
                why=f"{actor.name} said so",
                engine="person",
            )
            suggestion = self._suggested(
                tx, reading, found.sender, message, found.text, (found.channel, found.address)
            )
            corrected = replace(found, reading=reading, suggestion=suggestion)
            tx.inbox.reread(corrected)
            tx.audit.add(
                now,
                actor.name,
                "reply.corrected",
                f"reply:{reply_id}",
                {"from": found.reading.intent.value, "to": intent.value},
            )
            self._obey_opt_out(tx, found.channel, found.address, reading, found.text)
            return corrected

    def page(
        self, cursor: str, limit: int, campaign_id: CampaignId | None, *, waiting: bool
    ) -> tuple[Sequence[Reply], str | None]:
        """Return a page of replies, newest first."""
        with self._p.store.read() as tx:
            return tx.replies.page(cursor, limit, campaign_id, waiting=waiting)

    def suppressions(self, cursor: str, limit: int) -> tuple[Sequence[Suppression], str | None]:
        """Return a page of addresses that are not written to."""
        with self._p.store.read() as tx:
            return tx.consents.page(cursor, limit)

    def suppress(self, channel: Channel, written: str, why: str, actor: Actor) -> str:
        """Put an address on the do-not-contact list; return it normalised."""
        address = _normalised(channel, written)
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            tx.consents.suppress(
                Suppression(
                    channel=channel,
                    address=address,
                    reason=SuppressionReason.MANUAL,
                    source=actor.name,
                    evidence=why,
                    at=now,
                )
            )
            tx.audit.add(
                now,
                actor.name,
                "address.suppressed",
                f"{channel.value}:{address}",
                {"reason": "manual"},
            )
        return address

    def lift(self, channel: Channel, written: str, evidence: str, actor: Actor) -> None:
        """Take an address off the list again, with the consent for it as evidence."""
        address = _normalised(channel, written)
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            if not tx.consents.lift(channel, address):
                raise NotFound(f"{address} is not on the do-not-contact list for {channel.value}.")
            tx.audit.add(
                now,
                actor.name,
                "address.lifted",
                f"{channel.value}:{address}",
                {"evidence": evidence},
            )

    def link_holder(self, token: str) -> str:
        """Return the address a signed unsubscribe link belongs to; raises `NotFound`."""
        message_id = self._p.links.message_of(token)
        with self._p.store.read() as tx:
            message = tx.messages.get(message_id) if message_id else None
        if message is None or not self._p.links.is_genuine(token, message.address):
            raise NotFound("This unsubscribe link is not one of ours, or was cut short.")
        return message.address

    def unsubscribe(self, token: str) -> str:
        """Suppress the e-mail address of a signed link; return it. Raises `NotFound`."""
        address = self.link_holder(token)
        with self._p.store.begin() as tx:
            self._suppress(
                tx,
                Channel.EMAIL,
                address,
                SuppressionReason.OPT_OUT,
                "unsubscribe link",
                "one-click unsubscribe",
            )
        return address


def _addressee(message: Message) -> Sender:
    return Sender(
        customer_id=message.customer_id,
        customer=message.customer,
        contact_id=message.contact_id,
        contact=message.contact,
    )


def _address(channel: Channel, written: str) -> str | None:
    """Return an address in the form of the customer book, or None when it is none."""
    try:
        return normalise(channel, written)
    except AddressRefused:
        return None


def _phone(
    customer: Customer | None, sender: Sender | None, channel: Channel, address: str | None
) -> str | None:
    """Return the number to call the sender back on: the one they wrote from, or the book's."""
    if channel is Channel.WHATSAPP:
        return address
    contact = contact_of(customer, sender.contact_id) if sender else None
    found = contact.address(Channel.WHATSAPP) if contact else None
    return found.value if found else None


def _normalised(channel: Channel, written: str) -> str:
    address = _address(channel, written)
    if address is None:
        raise RequestInvalid(
            [Fault("/address", f"{written!r} is no {channel.value} address: {_FORMS[channel]}")]
        )
    return address


_FORMS = {
    Channel.EMAIL: "use name@domain",
    Channel.WHATSAPP: "use a phone number with + and country code",
    Channel.LINE: "use a LINE user id: U and 32 hex digits",
}
