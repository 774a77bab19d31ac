"""Entries of the customer book as rows, and back."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table, insert

from campaigns.model.customer import Customer, moved
from campaigns.model.fold import fold
from campaigns.model.ids import CustomerId
from campaigns.model.record import Diagnostic, Mark, Read, Record, RecordKind, Severity
from campaigns.store.codec import dump, load

T = TypeVar("T")
BATCH = 100  # rows written or asked for at once


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    """Yield `items` in lists of a size that a statement can take."""
    them = iter(items)
    while batch := list(islice(them, BATCH)):
        yield batch


def insert_all(connection: Connection, table: Table, rows: Iterable[Mapping[str, object]]) -> None:
    """Insert rows, if there are any."""
    given = list(rows)
    if given:
        connection.execute(insert(table), given)


def mark(row: Row[Any]) -> Mark:
    """Return an entry as last read."""
    return Mark(
        id=CustomerId(row.id),
        name=row.name,
        kind=RecordKind(row.kind),
        fingerprint=row.fingerprint,
        text=row.text,
        line=row.line,
        lines=row.lines,
    )


def entry_row(entry: Read) -> dict[str, object]:
    """Return the row of an entry of any kind."""
    r = entry.record
    return {
        "id": r.customer.id,
        "position": entry.position,
        "kind": r.kind.value,
        "name": r.customer.name,
        "fingerprint": r.fingerprint,
        "text": entry.text,
        "line": r.first_line,
        "lines": r.last_line - r.first_line + 1,
        "why": r.why,
        "refers_to": r.refers_to,
    }


def customer_row(entry: Read) -> dict[str, object]:
    """Return the row of a customer."""
    c = entry.record.customer
    return {
        "id": c.id,
        "position": entry.position,
        "line": c.line,
        "fingerprint": entry.record.fingerprint,
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
        "zones_named": len(c.zone_names),
        "people": sum(d.code == "contact-unreachable" for d in entry.record.diagnostics),
        "size": c.size.value if c.size else None,
        "contract_start": c.contract_start,
        "contract_end": c.contract_end,
        "price": c.price_per_zone.amount if c.price_per_zone else None,
        "currency": c.price_per_zone.currency if c.price_per_zone else None,
        "record": dump(c),
        "private": dump(entry.record.private),
    }


def customer_at(record: object, line: int) -> Customer:
    """Read a customer whose entry may stand in another line by now than when it was stored."""
    found = load(Customer, record)
    return moved(found, line - found.line)


def address_rows(customer: Customer) -> Iterator[dict[str, object]]:
    """Yield a row for every address of a customer."""
    for contact in customer.contacts:
        for a in contact.addresses:
            yield {
                "channel": a.channel.value,
                "address": a.value,
                "contact_id": contact.id,
                "customer_id": customer.id,
                "written": a.written,
                "below": a.line - customer.line,
            }


def remark_rows(record: Record) -> Iterator[dict[str, object]]:
    """Yield a row for everything said about an entry by itself."""
    for d in record.diagnostics:
        yield remark_row(d, record.customer.id, d.line - record.first_line, compared=False)


def remark_row(
    d: Diagnostic, entry_id: CustomerId | None, below: int, *, compared: bool
) -> dict[str, object]:
    """Return the row of one remark; `below` counts lines from the entry's heading."""
    return {
        "entry_id": entry_id,
        "below": below,
        "code": d.code,
        "severity": d.severity.value,
        "excerpt": d.excerpt,
        "message": d.message,
        "suggestion": d.suggestion,
        "compared": compared,
    }


def diagnostic(row: Row[Any]) -> Diagnostic:
    """Return a remark; `row.line` is its line now."""
    return Diagnostic(
        code=row.code,
        severity=Severity(row.severity),
        line=row.line,
        excerpt=row.excerpt,
        message=row.message,
        suggestion=row.suggestion,
    )
