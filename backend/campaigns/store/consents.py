"""Suppressions and consents: outside the book, so that they survive every import."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, tuple_

from campaigns.model.consent import Consent, Suppression, SuppressionReason
from campaigns.model.customer import Channel, Customer
from campaigns.model.ids import CustomerId
from campaigns.store import tables as t
from campaigns.store.paging import next_cursor

AddressKey = tuple[Channel, str]
CHUNK = 400  # address pairs a query, well under SQLite's limit on variables

SUPPRESSED_WORDS = {
    SuppressionReason.OPT_OUT: "opted out",
    SuppressionReason.BOUNCE: "address bounced",
    SuppressionReason.MANUAL: "on the do-not-contact list",
    SuppressionReason.COMPLAINT: "marked us as spam",
    SuppressionReason.POSSIBLE_OPT_OUT: "may have opted out; a person decides",
}
UNVERIFIED = "LINE id not verified: no follow seen yet"


class ConsentRows:
    """`model.ports.Consents` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def suppress(self, suppression: Suppression) -> bool:
        """Block an address; False when it was blocked already (the first row is kept)."""
        if self.suppressed([(suppression.channel, suppression.address)]):
            return False
        self._c.execute(
            insert(t.suppressions).values(
                channel=suppression.channel.value,
                address=suppression.address,
                reason=suppression.reason.value,
                source=suppression.source,
                evidence=suppression.evidence,
                at=suppression.at,
            )
        )
        return True

    def lift(self, channel: Channel, address: str) -> bool:
        """Unblock an address; False when it was not blocked."""
        done = self._c.execute(
            delete(t.suppressions).where(
                t.suppressions.c.channel == channel.value, t.suppressions.c.address == address
            )
        )
        return done.rowcount == 1

    def suppressed(self, addresses: Iterable[AddressKey]) -> Mapping[AddressKey, Suppression]:
        """Return the suppressions among `addresses`."""
        found = {}
        for keys in _chunks(addresses):
            rows = self._c.execute(
                select(t.suppressions).where(
                    tuple_(t.suppressions.c.channel, t.suppressions.c.address).in_(keys)
                )
            )
            found.update({(Channel(r.channel), r.address): suppression(r) for r in rows})
        return found

    def opted_out(self) -> Sequence[tuple[CustomerId, Suppression]]:
        """Return every opt-out of an address in the book, with whose customer's it is."""
        s, a = t.suppressions.c, t.addresses.c
        rows = self._c.execute(
            select(a.customer_id, t.suppressions)
            .join(t.addresses, (s.channel == a.channel) & (s.address == a.address))
            .where(s.reason == SuppressionReason.OPT_OUT.value)
            .order_by(a.customer_id, s.channel, s.address)
        )
        return [(CustomerId(r.customer_id), suppression(r)) for r in rows]

    def page(self, cursor: str, limit: int) -> tuple[Sequence[Suppression], str | None]:
        """Return a page of suppressions by channel and address."""
        key = t.suppressions.c.channel + ":" + t.suppressions.c.address
        rows = self._c.execute(
            select(t.suppressions).where(key > cursor).order_by(key).limit(limit + 1)
        ).all()
        shown = [suppression(r) for r in rows[:limit]]
        return shown, next_cursor(rows, limit, lambda r: f"{r.channel}:{r.address}")

    def count(self) -> int:
        """Return how many addresses are blocked."""
        return self._c.scalar(select(func.count()).select_from(t.suppressions)) or 0

    def consent(self, consent: Consent) -> None:
        """Record that an address may be written to; the newest evidence is kept."""
        self.withdraw(consent.channel, consent.address)
        self._c.execute(
            insert(t.consents).values(
                channel=consent.channel.value,
                address=consent.address,
                source=consent.source,
                evidence=consent.evidence,
                at=consent.at,
            )
        )

    def withdraw(self, channel: Channel, address: str) -> None:
        """Forget a consent."""
        self._c.execute(
            delete(t.consents).where(
                t.consents.c.channel == channel.value, t.consents.c.address == address
            )
        )

    def consented(self, addresses: Iterable[AddressKey]) -> frozenset[AddressKey]:
        """Return those of `addresses` with a recorded consent."""
        found: set[AddressKey] = set()
        for keys in _chunks(addresses):
            rows = self._c.execute(
                select(t.consents.c.channel, t.consents.c.address).where(
                    tuple_(t.consents.c.channel, t.consents.c.address).in_(keys)
                )
            )
            found |= {(Channel(channel), address) for channel, address in rows}
        return frozenset(found)

    def evidence(self, addresses: Iterable[AddressKey]) -> Mapping[AddressKey, Consent]:
        """Return the recorded consents among `addresses`."""
        found = {}
        for keys in _chunks(addresses):
            rows = self._c.execute(
                select(t.consents).where(
                    tuple_(t.consents.c.channel, t.consents.c.address).in_(keys)
                )
            )
            for r in rows:
                channel = Channel(r.channel)
                found[channel, r.address] = Consent(
                    channel=channel,
                    address=r.address,
                    source=r.source,
                    evidence=r.evidence,
                    at=r.at,
                )
        return found

    def blocked(self, addresses: Collection[AddressKey]) -> Mapping[AddressKey, str]:
        """Return why each of `addresses` may not be written to; absent means it may.

        A LINE id needs a recorded follow; an e-mail address or phone in the book is consent by
        the customer relationship.
        """
        stopped = {key: SUPPRESSED_WORDS[s.reason] for key, s in self.suppressed(addresses).items()}
        line = {key for key in addresses if key[0] is Channel.LINE} - stopped.keys()
        unverified = line - self.consented(line)
        return stopped | dict.fromkeys(unverified, UNVERIFIED)


def blocked_addresses(
    connection: Connection, customers: Iterable[Customer]
) -> Mapping[AddressKey, str]:
    """Return why addresses of these customers' contacts may not be written to."""
    addresses = {
        (a.channel, a.value) for c in customers for contact in c.contacts for a in contact.addresses
    }
    return ConsentRows(connection).blocked(addresses)


def _chunks(addresses: Iterable[AddressKey]) -> Iterable[list[tuple[str, str]]]:
    keys = [(channel.value, address) for channel, address in addresses]
    return (keys[i : i + CHUNK] for i in range(0, len(keys), CHUNK))


def suppression(row: Row[Any]) -> Suppression:
    return Suppression(
        channel=Channel(row.channel),
        address=row.address,
        reason=SuppressionReason(row.reason),
        source=row.source,
        evidence=row.evidence,
        at=row.at,
    )
