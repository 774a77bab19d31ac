"""The read side of the customer book: one row a customer, so that filters are one query."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, func, insert, select, text

from campaigns.flow.audience import audience
from campaigns.model.audience import Audience, Toggle
from campaigns.model.customer import Channel, Customer, Private
from campaigns.model.fold import fold
from campaigns.model.ids import ContactId, CustomerId
from campaigns.model.plan import Plan
from campaigns.model.record import Book, Record, RecordKind
from campaigns.model.reply import Sender
from campaigns.store import tables as t
from campaigns.store.audience import resolve
from campaigns.store.codec import dump, load
from campaigns.store.consents import blocked_addresses

DIGEST = "book.digest"


class CustomerRows:
    """`model.ports.Customers` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def replace(self, book: Book, digest: str) -> None:
        """Make the tables equal to `book`; `digest` is the SHA-256 of the file it was read from."""
        inside = [r for r in book.records if r.kind is RecordKind.CUSTOMER]
        if self._c.dialect.name == "postgresql":  # several processes may read a book at once
            self._c.execute(text("LOCK TABLE customers IN SHARE ROW EXCLUSIVE MODE"))
        self._c.execute(delete(t.addresses))
        self._c.execute(delete(t.customers))
        if inside:
            self._c.execute(insert(t.customers), [_row(i, r) for i, r in enumerate(inside)])
        addresses = [row for r in inside for row in _address_rows(r.customer)]
        if addresses:
            self._c.execute(insert(t.addresses), addresses)
        self._c.execute(delete(t.meta).where(t.meta.c.key == DIGEST))
        self._c.execute(insert(t.meta).values(key=DIGEST, value=digest))

    def digest(self) -> str | None:
        """Return the digest given to the last `replace`."""
        return self._c.scalar(select(t.meta.c.value).where(t.meta.c.key == DIGEST))

    def known(self) -> Sequence[tuple[CustomerId, str, str]]:
        """Return (id, name, fingerprint) of every customer, in the book's order."""
        rows = self._c.execute(
            select(t.customers.c.id, t.customers.c.name, t.customers.c.fingerprint).order_by(
                t.customers.c.position
            )
        )
        return [(CustomerId(i), name, fingerprint) for i, name, fingerprint in rows]

    def count(self) -> int:
        """Return the number of customers."""
        return self._c.scalar(select(func.count()).select_from(t.customers)) or 0

    def resolve(self, plan: Plan, toggles: Sequence[Toggle] = ()) -> Audience:
        """Return the audience of a clear plan, contacts chosen and blocked addresses out."""
        found = resolve(self._c, plan)
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
            select(t.customers.c.id, t.customers.c.record).where(t.customers.c.id.in_(ids))
        )
        return {CustomerId(i): load(Customer, record) for i, record in rows}

    def private(self, customer_id: CustomerId) -> Private | None:
        """Return notes, hardware and account id: only for callers with the `notes` scope."""
        row = self._c.scalar(select(t.customers.c.private).where(t.customers.c.id == customer_id))
        return load(Private, row) if row is not None else None

    def page(self, search: str, cursor: str, limit: int) -> tuple[Sequence[Customer], str | None]:
        """Return a page of customers in the book's order whose name contains `search`."""
        query = (
            select(t.customers.c.position, t.customers.c.record)
            .where(t.customers.c.position > (int(cursor) if cursor.isdecimal() else -1))
            .order_by(t.customers.c.position)
            .limit(limit + 1)
        )
        if search:
            query = query.where(t.customers.c.name_key.contains(fold(search), autoescape=True))
        rows = self._c.execute(query).all()
        shown = [load(Customer, record) for _, record in rows[:limit]]
        return shown, str(rows[limit - 1][0]) if len(rows) > limit else None

    def all(self) -> Sequence[Customer]:
        """Return every customer, in the book's order."""
        rows = self._c.scalars(select(t.customers.c.record).order_by(t.customers.c.position))
        return [load(Customer, record) for record in rows]

    def at_address(self, channel: Channel, address: str) -> Sequence[Sender]:
        """Return every contact with exactly this normalised address."""
        rows = self._c.execute(
            select(t.addresses.c.contact_id, t.customers.c.record)
            .join(t.customers, t.customers.c.id == t.addresses.c.customer_id)
            .where(t.addresses.c.channel == channel.value, t.addresses.c.address == address)
        )
        return [_sender(ContactId(i), load(Customer, record)) for i, record in rows]

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


def _row(position: int, record: Record) -> dict[str, object]:
    c = record.customer
    return {
        "id": c.id,
        "position": position,
        "fingerprint": record.fingerprint,
        "name": c.name,
        "name_key": fold(c.name),
        "brand_group": c.brand_group.value if c.brand_group else None,
        "brand": c.brand.value if c.brand else None,
        "city": c.city.value if c.city else None,
        "country": c.country.value if c.country else None,
        "region": c.region.value if c.region else None,
        "business_type": c.business_type,
        "platform": c.platform,
        "zone_count": c.zone_count,
        "size": c.size.value if c.size else None,
        "contract_end": c.contract_end,
        "price": c.price_per_zone.amount if c.price_per_zone else None,
        "currency": c.price_per_zone.currency if c.price_per_zone else None,
        "record": dump(c),
        "private": dump(record.private),
    }


def _address_rows(customer: Customer) -> list[dict[str, object]]:
    return [
        {
            "channel": a.channel.value,
            "address": a.value,
            "contact_id": contact.id,
            "customer_id": customer.id,
        }
        for contact in customer.contacts
        for a in contact.addresses
    ]


def _sender(contact_id: ContactId, customer: Customer) -> Sender:
    contact = next(c for c in customer.contacts if c.id == contact_id)
    return Sender(
        customer_id=customer.id,
        customer=customer.name,
        contact_id=contact_id,
        contact=contact.name,
    )
