"""The read side of the customer book: one row a customer, so that filters are one query."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, delete, func, select, text

from campaigns.flow.audience import audience
from campaigns.model.audience import Audience, Toggle
from campaigns.model.customer import Channel, Customer, Private
from campaigns.model.fold import fold
from campaigns.model.ids import ContactId, CustomerId
from campaigns.model.plan import Plan
from campaigns.model.reply import Sender
from campaigns.store import meta
from campaigns.store import tables as t
from campaigns.store.audience import count, resolve
from campaigns.store.codec import load
from campaigns.store.consents import blocked_addresses
from campaigns.store.entry_rows import customer_at, insert_all

DIGEST, READER, UPDATED = "book.digest", "book.reader", "book.updated"


class CustomerRows:
    """`model.ports.Customers` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def hold(self) -> None:
        """Keep other processes from reading the book in until this transaction ends."""
        if self._c.dialect.name == "postgresql":  # a write transaction of SQLite is alone anyway
            self._c.execute(text("LOCK TABLE customers IN SHARE ROW EXCLUSIVE MODE"))

    def came_from(self, digest: str, reader: str = "", updated: date | None = None) -> None:
        """Note what the tables are now equal to."""
        noted = {DIGEST: digest, READER: reader, UPDATED: updated.isoformat() if updated else ""}
        self._c.execute(delete(t.meta).where(t.meta.c.key.in_(noted)))
        insert_all(self._c, t.meta, ({"key": k, "value": v} for k, v in noted.items()))

    def source(self) -> tuple[str, str] | None:
        """Return the digest of the file the tables are equal to, and which reader read it."""
        digest = self.digest()
        return None if digest is None else (digest, self._noted(READER) or "")

    def digest(self) -> str | None:
        """Return the digest of the file the tables are equal to."""
        return self._noted(DIGEST)

    def book_date(self) -> date | None:
        """Return the book's own date when it was last read."""
        noted = self._noted(UPDATED)
        return date.fromisoformat(noted) if noted else None

    def _noted(self, key: str) -> str | None:
        return meta.noted(self._c, key)

    def count(self) -> int:
        """Return the number of customers."""
        return self._c.scalar(select(func.count()).select_from(t.customers)) or 0

    def look(self, plan: Plan, samples: int) -> tuple[int, Sequence[Customer]]:
        """Return how many customers a clear plan reaches, and the first of them."""
        return count(self._c, plan, samples)

    def resolve(self, plan: Plan, toggles: Sequence[Toggle] = ()) -> Audience:
        """Return the audience of a clear plan, contacts chosen and blocked addresses out."""
        found = resolve(self._c, plan, {toggle.customer_id for toggle in toggles if toggle.added})
        return audience(
            found.inside,
            plan,
            blocked_addresses(self._c, found.inside),
            toggles,
            found.left_out,
            found.near_misses,
        )

    def get(self, customer_id: CustomerId) -> Customer | None:
        """Return one customer."""
        return self.many([customer_id]).get(customer_id)

    def many(self, ids: Sequence[CustomerId]) -> Mapping[CustomerId, Customer]:
        """Return the customers among `ids` that exist."""
        rows = self._c.execute(
            select(t.customers.c.id, t.customers.c.line, t.customers.c.record).where(
                t.customers.c.id.in_(ids)
            )
        )
        return {CustomerId(r.id): customer_at(r.record, r.line) for r in rows}

    def private(self, customer_id: CustomerId) -> Private | None:
        """Return notes, hardware and account id: only for callers with the `notes` scope."""
        row = self._c.scalar(select(t.customers.c.private).where(t.customers.c.id == customer_id))
        return load(Private, row) if row is not None else None

    def page(self, search: str, cursor: str, limit: int) -> tuple[Sequence[Customer], str | None]:
        """Return a page of customers in the book's order whose name contains `search`."""
        query = (
            select(t.customers.c.position, t.customers.c.line, t.customers.c.record)
            .where(t.customers.c.position > (int(cursor) if cursor.isdecimal() else -1))
            .order_by(t.customers.c.position)
            .limit(limit + 1)
        )
        if search:
            query = query.where(t.customers.c.name_key.contains(fold(search), autoescape=True))
        rows = self._c.execute(query).all()
        shown = [customer_at(r.record, r.line) for r in rows[:limit]]
        return shown, str(rows[limit - 1][0]) if len(rows) > limit else None

    def at_address(self, channel: Channel, address: str) -> Sequence[Sender]:
        """Return every contact with exactly this normalised address."""
        rows = self._c.execute(
            select(t.addresses.c.contact_id, t.customers.c.line, t.customers.c.record)
            .join(t.customers, t.customers.c.id == t.addresses.c.customer_id)
            .where(t.addresses.c.channel == channel.value, t.addresses.c.address == address)
        )
        return [_sender(ContactId(r.contact_id), customer_at(r.record, r.line)) for r in rows]

    def addresses(self, channel: Channel) -> frozenset[str]:
        """Return every address customers have on a channel."""
        query = select(t.addresses.c.address).where(t.addresses.c.channel == channel.value)
        return frozenset(self._c.scalars(query))

    def counts(self, column: str) -> Mapping[str, int]:
        """Return how many customers have each value of a column; "unknown" counts blanks."""
        value = t.customers.c[column]
        rows = self._c.execute(
            select(value, func.count()).group_by(value).order_by(func.count().desc(), value)
        )
        return {str(v) if v is not None else "unknown": n for v, n in rows}

    def reachability(self) -> Mapping[str, int]:
        """Return how many customers have an address per channel, and how many have none."""
        rows = self._c.execute(
            select(
                t.addresses.c.channel, func.count(t.addresses.c.customer_id.distinct())
            ).group_by(t.addresses.c.channel)
        )
        found = {str(channel): int(n) for channel, n in rows}
        some = self._c.scalar(select(func.count(t.addresses.c.customer_id.distinct()))) or 0
        return {ch.value: found.get(ch.value, 0) for ch in Channel} | {"none": self.count() - some}


def _sender(contact_id: ContactId, customer: Customer) -> Sender:
    contact = next(c for c in customer.contacts if c.id == contact_id)
    return Sender(
        customer_id=customer.id,
        customer=customer.name,
        contact_id=contact_id,
        contact=contact.name,
    )
