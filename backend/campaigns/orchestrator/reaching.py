"""Who can be written to, and what says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.book.reach import AddressKey, Reach, reach
from campaigns.model.consent import Consent, Suppression
from campaigns.model.customer import Channel, Customer
from campaigns.model.ids import ContactId, CustomerId
from campaigns.model.plan import Plan
from campaigns.orchestrator.customers import CustomerBook
from campaigns.orchestrator.lookup import customer_in
from campaigns.orchestrator.ports import Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether one address of a contact may be written to, and the evidence.

    `why` is empty where it may. `source` and `text` are of the suppression where there is one,
    else of the recorded consent, else of the book, whose line is consent by the customer
    relationship; `at` is when that was recorded, None for the book.
    """

    contact_id: ContactId
    contact: str | None
    role: str
    channel: Channel
    address: str
    allowed: bool
    why: str
    source: str
    text: str
    at: datetime | None


class Reaching:
    """The funnel from customers to reachable, and consent with its evidence."""

    def __init__(self, ports: Ports, book: CustomerBook) -> None:
        self._p = ports
        self._book = book

    def funnel(self, months: int = 12) -> Reach:
        """Return the funnel, by brand and by the month the contract ends."""
        self._book.refresh()
        with self._p.store.read() as tx:
            customers = list(tx.entries.glances())
            keys = {(a.channel, a.value) for c in customers for a in c.addresses}
            return reach(customers, tx.consents.blocked(keys), self._p.clock.today(), months)

    def count(self, plan: Plan, samples: int) -> tuple[int, Sequence[Customer]]:
        """Return how many customers a plan reaches and the first of them: none while it asks."""
        if not plan.is_clear:
            return 0, ()
        with self._p.store.read() as tx:
            return tx.customers.look(plan, samples)

    def of(self, customer_id: CustomerId) -> tuple[Customer, Sequence[Standing]]:
        """Return a customer and how each of its contacts' addresses stands."""
        self._book.refresh()
        with self._p.store.read() as tx:
            customer = customer_in(tx, customer_id)
            keys = {(a.channel, a.value) for c in customer.contacts for a in c.addresses}
            evidence = Evidence(
                why=tx.consents.blocked(keys),
                suppressions=tx.consents.suppressed(keys),
                consents=tx.consents.evidence(keys),
            )
        return customer, _standings(customer, evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is recorded about addresses."""

    why: Mapping[AddressKey, str]
    suppressions: Mapping[AddressKey, Suppression]
    consents: Mapping[AddressKey, Consent]


def _standings(customer: Customer, evidence: Evidence) -> Sequence[Standing]:
    found = []
    for contact in customer.contacts:
        for address in contact.addresses:
            key = (address.channel, address.value)
            row = evidence.suppressions.get(key) or evidence.consents.get(key)
            found.append(
                Standing(
                    contact_id=contact.id,
                    contact=contact.name,
                    role=contact.role_written,
                    channel=address.channel,
                    address=address.value,
                    allowed=key not in evidence.why,
                    why=evidence.why.get(key, ""),
                    source=row.source if row else f"customer book, line {address.line}",
                    text=row.evidence if row else address.written,
                    at=row.at if row else None,
                )
            )
    return found
