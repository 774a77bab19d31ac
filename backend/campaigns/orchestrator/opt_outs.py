"""An opt-out goes with its person: a new address in the book is no way round a refusal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from campaigns.model.consent import Suppression
from campaigns.model.customer import Contact
from campaigns.model.fold import fold
from campaigns.model.ids import CustomerId
from campaigns.model.ports import Tx
from campaigns.orchestrator.wishes import suppress


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A person of a customer who opted out, as the book had them."""

    customer_id: CustomerId
    contact: Contact
    suppression: Suppression


def refusals(tx: Tx) -> Sequence[Refusal]:
    """Return who opted out, of the named people the book has now."""
    opted_out = tx.consents.opted_out()
    customers = tx.customers.many(list({customer_id for customer_id, _ in opted_out}))
    return [
        Refusal(customer_id=customer_id, contact=contact, suppression=row)
        for customer_id, row in opted_out
        if customer_id in customers
        for contact in customers[customer_id].contacts
        if contact.name
        and any((a.channel, a.value) == (row.channel, row.address) for a in contact.addresses)
    ]


def carry(tx: Tx, before: Sequence[Refusal], now: datetime) -> None:
    """Block the new addresses of people who opted out at an address the book no longer has.

    A person is known by the name at the same customer. Whoever takes over the role under another
    name has refused nothing.
    """
    customers = tx.customers.many(list({r.customer_id for r in before}))
    for refusal in before:
        if customer := customers.get(refusal.customer_id):
            for contact in customer.contacts:
                if fold(contact.name or "") == fold(refusal.contact.name or ""):
                    for row in _follow(refusal, contact):
                        suppress(tx, row, now)


def _follow(refusal: Refusal, now: Contact) -> Iterator[Suppression]:
    row = refusal.suppression
    had = {(a.channel, a.value) for a in refusal.contact.addresses}
    have = {(a.channel, a.value) for a in now.addresses}
    if (row.channel, row.address) in have:
        return
    for channel, address in sorted(have - had):
        if channel is row.channel:
            told = f"{row.evidence} (said as {row.address}; the book has another address since)"
            yield replace(row, address=address, evidence=told)
