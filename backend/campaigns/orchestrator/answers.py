"""Replies: who wrote, what it means, what follows at once, what a person is asked to do."""

from collections.abc import Sequence
from dataclasses import replace

from campaigns.book import AddressRefused, normalise
from campaigns.flow.answer import normalise_identifier
from campaigns.model.access import SYSTEM, Actor
from campaigns.model.calibration import Correction
from campaigns.model.consent import Suppression, SuppressionReason
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, EventType
from campaigns.model.errors import Fault, NotFound, RequestInvalid
from campaigns.model.ids import CampaignId, ReplyId
from campaigns.model.ports import Tx
from campaigns.model.reply import Intent, MailThread, Reading, Reply, ReplyContext
from campaigns.orchestrator.conversation import Inbound, Known, known, real_message, suggestion
from campaigns.orchestrator.lookup import reply_in
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.wishes import (
    WISHES,
    address_of,
    carry_over,
    learn,
    obey,
    suppress,
)
from campaigns.orchestrator.writing import Writing

EVIDENCE_CHARS = 300
SUBJECT_CHARS = 200


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
        inbound = Inbound(channel=channel, address=address, written=identifier, text=text)
        kept = self._take(inbound, actor)
        if kept is None:
            raise RuntimeError("words nobody told us of before were taken for known news")
        return kept

    def heard(self, event: DeliveryEvent) -> None:
        """Act on news about people, once: a reply, an opt-out, a follow, a complaint."""
        if event.type in (EventType.REPLIED, EventType.AUTO_REPLIED):
            auto = event.type is EventType.AUTO_REPLIED
            written, words = event.address or "", event.text or ""
            inbound = Inbound(
                channel=event.channel,
                address=written,
                written=written,
                text=words,
                auto=auto,
                event=event,
            )
            self._take(inbound, SYSTEM)
            return
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            recorded = tx.outbox.record(event, now)
            if not recorded.new:
                return
            message = real_message(tx, recorded.message_id)
            address = address_of(event, message)
            if message is not None:
                learn(tx, event, address, now)
            match event.type:
                case EventType.COMPLAINED:
                    self._complained(tx, event, {address, message.address if message else ""})
                case EventType.IDENTITY_CHANGED if event.text:
                    carry_over(tx, event.channel, address, event.text, now)
                case _ if event.type in WISHES:
                    obey(tx, event, address, now)
                case _:
                    pass  # kept as an event; nothing follows from it

    def _complained(self, tx: Tx, event: DeliveryEvent, addresses: set[str]) -> None:
        """Suppress who marked a mail as junk: where it went, and where it was forwarded to."""
        evidence = f"marked as junk: {event.headers.get('feedback', 'told by the provider')}"
        for one in sorted(addresses - {""}):
            reason = SuppressionReason.COMPLAINT
            self._suppress(tx, event.channel, one, reason, "provider", evidence)

    def read(self, text: str, context: ReplyContext) -> Reading:
        """Read an answer; nothing is stored and nothing follows."""
        return self._p.reader.read(text, context)

    # --- one reply -------------------------------------------------------------------------------
    #
    # A reader takes milliseconds, a model seconds: words are read while no transaction is open.
    # The one that keeps the reply looks again, and has them read anew when they now stand in
    # another light: a survey went out meanwhile, or the day ended.

    def _take(self, inbound: Inbound, actor: Actor) -> Reply | None:
        """Read words and keep them; None when they came with news heard before."""
        with self._p.store.read() as tx:
            about = self._known(tx, inbound)
        while about is not None:
            charge = about.message.campaign_id if about.message else None
            reading = self._p.reader.read(inbound.text, about.context, charge)
            with self._p.store.begin() as tx:
                read_for, about = about.context, self._known(tx, inbound)
                if about is not None and about.context == read_for:
                    return self._keep(tx, inbound, about, reading, actor)
        return None

    def _known(self, tx: Tx, inbound: Inbound) -> Known | None:
        told_of = None
        if inbound.event is not None:
            expected = tx.outbox.would_record(inbound.event)
            if not expected.new:
                return None
            told_of = expected.message_id
        return known(tx, inbound, told_of, self._p.clock.today())

    def _keep(
        self, tx: Tx, inbound: Inbound, about: Known, reading: Reading, actor: Actor
    ) -> Reply | None:
        """Store a reply and do what follows from it at once."""
        now = self._p.clock.now()
        address, sender = about.address, about.sender
        if inbound.event is not None:
            recorded = tx.outbox.record(inbound.event, now)
            if not recorded.new:
                return None  # somebody else took it in just now
            if real_message(tx, recorded.message_id) is not None and address:
                learn(tx, inbound.event, address, now)
        reply = Reply(
            id=ReplyId(self._p.ids.new("r")),
            channel=inbound.channel,
            address=address or inbound.written,
            text=inbound.text,
            received_at=now,
            sender=sender,
            reading=reading,
            suggestion=suggestion(tx, self._writing, inbound, about, reading),
            mail=_mail(inbound),
        )
        tx.replies.add(reply)
        if inbound.event is None and address:
            tx.outbox.record(_told(reply), now)
        tx.audit.add(
            now,
            actor.name,
            "reply.received",
            f"reply:{reply.id}",
            {
                "intent": reading.intent.value,
                "customer": sender.customer_id if sender else None,
                "escalated": reply.suggestion.escalate,
            },
        )
        if address:
            self._obey_opt_out(tx, inbound.channel, address, reading, inbound.text)
        return reply

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
    ) -> None:
        suppress(
            tx,
            Suppression(
                channel=channel,
                address=address,
                reason=reason,
                source=source,
                evidence=evidence,
                at=self._p.clock.now(),
            ),
        )

    # --- by hand and by link -----------------------------------------------------------------------

    def finish(self, reply_id: ReplyId, actor: Actor) -> Reply:
        """Mark a reply as dealt with."""
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            found = reply_in(tx, reply_id)
            if tx.replies.finish(reply_id, now):
                tx.audit.add(now, actor.name, "reply.done", f"reply:{reply_id}", {})
            return replace(found, done_at=found.done_at or now)

    def correct(self, reply_id: ReplyId, intent: Intent, actor: Actor) -> Reply:
        """Take a person's word for what a reply means; what follows is worked out again.

        The words of the reading stay as evidence. A refusal suppresses the address at once.
        """
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            found = reply_in(tx, reply_id)
            reading = replace(
                found.reading,
                intents=(intent, *(i for i in found.reading.intents if i is not intent)),
                confidence=1.0,
                unsure=False,
                likeliest=(),
                why=f"{actor.name} said so",
                engine="person",
            )
            inbound = Inbound(
                channel=found.channel, address=found.address, written=found.address, text=found.text
            )
            about = replace(known(tx, inbound, None, self._p.clock.today()), sender=found.sender)
            tx.corrections.add(
                Correction(
                    reply_id=reply_id,
                    at=now,
                    by=actor.name,
                    was=found.reading.intent,
                    meant=intent,
                    text=found.text,
                    context=about.context,
                )
            )
            advice = suggestion(tx, self._writing, inbound, about, reading)
            corrected = replace(found, reading=reading, suggestion=advice)
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


def _address(channel: Channel, written: str) -> str | None:
    """Return an address in the form of the customer book, or None when it is none.

    A number that the book would refuse, for it is nobody's or a landline's, is an address all the
    same when somebody writes from it: their STOP holds for it as it came.
    """
    try:
        return normalise(channel, written)
    except AddressRefused:
        came = normalise_identifier(written, channel)
        return came.lower() if came is not None and channel is Channel.EMAIL else came


def _told(reply: Reply) -> DeliveryEvent:
    """Return what a person or program told us as the news it is: they wrote to us just now."""
    return DeliveryEvent(
        channel=reply.channel,
        type=EventType.REPLIED,
        dedupe_key=f"told:{reply.id}",
        occurred_at=reply.received_at,
        address=reply.address,
    )


def _mail(inbound: Inbound) -> MailThread | None:
    """Return the thread of a mail that came by mail."""
    if inbound.channel is not Channel.EMAIL or inbound.event is None:
        return None
    told = inbound.event.headers
    ids = tuple(told.get("references", "").split())
    return MailThread(subject=told.get("subject", "")[:SUBJECT_CHARS], ids=ids)


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
