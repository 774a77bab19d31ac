"""The customer book's entries as last read: known again, put in, moved, taken out, summed up."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from campaigns.model.customer import Address, Channel
from campaigns.model.ids import CustomerId
from campaigns.model.record import Glance, Mark, Read, RecordKind
from campaigns.model.vocabulary import Tally
from campaigns.store import book_tables as b
from campaigns.store import tables as t
from campaigns.store.database import streamed
from campaigns.store.entry_rows import (
    address_rows,
    batches,
    customer_row,
    entry_row,
    insert_all,
    mark,
    remark_rows,
)


class EntryRows:
    """`model.ports.Entries` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    # --- knowing them again --------------------------------------------------------------------

    def known(self) -> Sequence[Mark]:
        """Return every entry as last read, in the book's order."""
        return list(self.each())

    def each(self) -> Iterator[Mark]:
        """Yield every entry as last read, in the book's order, a few at a time."""
        yield from map(mark, streamed(self._c, select(b.entries).order_by(b.entries.c.position)))

    def mark(self, entry_id: CustomerId) -> Mark | None:
        """Return one entry as last read."""
        row = self._c.execute(select(b.entries).where(b.entries.c.id == entry_id)).first()
        return mark(row) if row else None

    def starting_after(self, day: date) -> frozenset[CustomerId]:
        """Return the customers whose contract starts after `day`."""
        ids = self._c.scalars(select(t.customers.c.id).where(t.customers.c.contract_start > day))
        return frozenset(CustomerId(i) for i in ids)

    # --- keeping them equal to the file --------------------------------------------------------

    def put(self, entries: Iterable[Read]) -> int:
        """Store entries in place of what stood under their ids; return how many."""
        count = 0
        for batch in batches(entries):
            self.drop([e.record.customer.id for e in batch])
            self._c.execute(insert(b.entries), [entry_row(e) for e in batch])
            inside = [e for e in batch if e.record.kind is RecordKind.CUSTOMER]
            insert_all(self._c, t.customers, (customer_row(e) for e in inside))
            insert_all(
                self._c, t.addresses, (a for e in inside for a in address_rows(e.record.customer))
            )
            insert_all(self._c, b.remarks, (r for e in batch for r in remark_rows(e.record)))
            count += len(batch)
        return count

    def move(self, moved: Iterable[tuple[CustomerId, int, int]]) -> None:
        """Give entries that did not change their place now: (id, position, line)."""
        for batch in batches(moved):
            places = [{"of": i, "position": at, "line": line} for i, at, line in batch]
            for table in (b.entries, t.customers):
                self._c.execute(
                    update(table)
                    .where(table.c.id == bindparam("of"))
                    .values(position=bindparam("position"), line=bindparam("line")),
                    places,
                )

    def drop(self, ids: Iterable[CustomerId]) -> None:
        """Take entries out, with what was said about them."""
        for batch in batches(ids):
            self._c.execute(delete(b.remarks).where(b.remarks.c.entry_id.in_(batch)))
            self._c.execute(delete(t.addresses).where(t.addresses.c.customer_id.in_(batch)))
            self._c.execute(delete(t.customers).where(t.customers.c.id.in_(batch)))
            self._c.execute(delete(b.entries).where(b.entries.c.id.in_(batch)))

    # --- adding them up ------------------------------------------------------------------------

    def glances(self) -> Iterator[Glance]:
        """Yield every customer at a glance, in the book's order."""
        owned = self._addresses()
        owner, addresses = next(owned, ("", ()))
        c = t.customers.c
        rows = streamed(
            self._c,
            select(
                c.id, c.name, c.line, c.brand_group, c.country, c.business_type, c.platform,
                c.zone_count, c.zones_named, c.price, c.contract_start, c.contract_end, c.people,
            ).order_by(c.position),
        )  # fmt: skip
        for r in rows:
            own: Sequence[Address] = ()
            if r.id == owner:
                own = addresses
                owner, addresses = next(owned, ("", ()))
            yield Glance(
                id=CustomerId(r.id),
                name=r.name,
                line=r.line,
                brand_group=r.brand_group,
                country=r.country,
                business_type=r.business_type,
                platform=r.platform,
                zone_count=r.zone_count,
                zones_named=r.zones_named,
                priced=r.price is not None,
                contract_start=r.contract_start,
                contract_end=r.contract_end,
                people=r.people,
                addresses=tuple(replace(a, line=a.line + r.line) for a in own),
            )

    def _addresses(self) -> Iterator[tuple[str, Sequence[Address]]]:
        """Yield each customer that has addresses, in the book's order, with them.

        Their lines count from the heading.
        """
        a, c = t.addresses.c, t.customers.c
        rows = streamed(
            self._c,
            select(a.customer_id, a.channel, a.address, a.written, a.below)
            .join(t.customers, c.id == a.customer_id)
            .order_by(c.position, a.below),
        )
        for customer_id, own in groupby(rows, key=lambda r: r.customer_id):
            yield (
                customer_id,
                [
                    Address(
                        channel=Channel(r.channel), value=r.address, written=r.written, line=r.below
                    )
                    for r in own
                ],
            )

    def kinds(self) -> Mapping[RecordKind, int]:
        """Return how many entries are of each kind."""
        rows = self._c.execute(select(b.entries.c.kind, func.count()).group_by(b.entries.c.kind))
        return {RecordKind(kind): n for kind, n in rows}

    def tally(self) -> Tally:
        """Return how many customers have each value a request can name."""
        c = t.customers.c
        cities = self._c.execute(
            select(c.city, c.country, func.count())
            .where(c.city.is_not(None))
            .group_by(c.city, c.country)
        )
        return Tally(
            brand_groups=self._counted("brand_group"),
            brands=self._counted("brand"),
            regions=self._counted("region"),
            countries=self._counted("country"),
            cities={(city, country): n for city, country, n in cities},
            business_types=self._counted("business_type"),
            platforms=self._counted("platform"),
            names=self._counted("name"),
        )

    def _counted(self, column: str) -> Mapping[str, int]:
        c = t.customers.c
        rows = self._c.execute(
            select(c[column], func.count())
            .where(c[column].is_not(None))
            .group_by(c[column])
            .order_by(func.min(c.position))
        )
        return dict(iter(rows))
