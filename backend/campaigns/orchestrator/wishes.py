"""What people wish of us: to be left alone, to be written to again, to be known at a new address."""

from dataclasses import replace
from datetime import datetime

from campaigns.model.access import SYSTEM
from campaigns.model.consent import Consent, Suppression, SuppressionReason
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, EventType
from campaigns.model.message import Message
from campaigns.model.ports import Tx

# A wish, and the pair of yes and no it belongs to.
_MARKETING = (EventType.RESUBSCRIBED, EventType.UNSUBSCRIBED)
_FOLLOW = (EventType.FOLLOWED, EventType.UNFOLLOWED)
WISHES = {kind: pair for pair in (_MARKETING, _FOLLOW) for kind in pair}
# Sources of suppressions that the same person takes back by the same means.
REVOCABLE = frozenset({EventType.UNSUBSCRIBED.value, EventType.UNFOLLOWED.value})


def suppress(tx: Tx, wanted: Suppression, now: datetime | None = None) -> bool:
    """Block an address for a reason the audit trail keeps; False when it was blocked already.

    `now` is when it is blocked, where that is later than when it was wanted. Words of refusal take the place of a mere setting, for they are not taken back by one.
    """
    key = (wanted.channel, wanted.address)
    known = tx.consents.suppressed([key]).get(key)
    in_words = wanted.reason is SuppressionReason.OPT_OUT and wanted.source not in REVOCABLE
    if known is not None and known.source in REVOCABLE and in_words:
        tx.consents.lift(*key)
    new = bool(wanted.address) and tx.consents.suppress(wanted)
    if new:
        detail: dict[str, object] = {"reason": wanted.reason.value, "source": wanted.source}
        subject = f"{wanted.channel.value}:{wanted.address}"
        tx.audit.add(now or wanted.at, SYSTEM.name, "address.suppressed", subject, detail)
    return new


def obey(tx: Tx, event: DeliveryEvent, address: str, now: datetime) -> None:
    """Obey the newest wish of its kind, whatever order they come in; in doubt, the refusal.

    Taking back a refusal ends the suppression that very refusal made, and no other: who wrote
    STOP as well stays suppressed.
    """
    yes, no = WISHES[event.type]
    newest = tx.outbox.newest(event.channel, address, (yes, no)) or {event.type}
    if no in newest:
        refusal = Suppression(
            channel=event.channel,
            address=address,
            reason=SuppressionReason.OPT_OUT,
            source=no.value,
            evidence="",
            at=now,
        )
        suppress(tx, refusal)
        tx.consents.withdraw(event.channel, address)
        return
    known = tx.consents.suppressed([(event.channel, address)]).get((event.channel, address))
    if known is not None and known.source == no.value:
        tx.consents.lift(event.channel, address)
        detail: dict[str, object] = {"evidence": f"{yes.value}: {event.dedupe_key}"}
        tx.audit.add(now, SYSTEM.name, "address.lifted", f"{event.channel.value}:{address}", detail)
    if yes is EventType.FOLLOWED and address:
        tx.consents.consent(
            Consent(
                channel=event.channel,
                address=address,
                source="follow",
                evidence=event.dedupe_key,
                at=now,
            )
        )


def carry_over(tx: Tx, channel: Channel, old: str, new: str, now: datetime) -> None:
    """Have a refusal hold for the new address of the same person."""
    for known in tx.consents.suppressed([(channel, old)]).values():
        suppress(tx, replace(known, address=new, at=now))


def address_of(event: DeliveryEvent, message: Message | None) -> str:
    """Return the address news about a person is from.

    An answer to a message comes from whoever got it, by whatever id the provider names them; a
    mail may have been forwarded.
    """
    if message is None:
        return event.address or ""
    forwarded = event.channel is Channel.EMAIL and event.address
    return forwarded or message.address


def learn(tx: Tx, event: DeliveryEvent, address: str, now: datetime) -> None:
    """Keep the ids by which the provider named the person at an address."""
    if event.channel is Channel.EMAIL:
        return
    for user_id in (event.user_id, (event.address or "").lstrip("+")):
        if user_id and user_id != address.lstrip("+"):
            tx.identities.learn(event.channel, user_id, address, now)
