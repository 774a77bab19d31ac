"""Read the book: text into typed records, with everything doubtful said and nothing dropped."""

import gc
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from campaigns.book.across import compared
from campaigns.book.classify import CUSTOMER, Around, Kind, classify
from campaigns.book.clean import spelling
from campaigns.book.contacts import contact_notes, read_contacts
from campaigns.book.diagnose import diagnostic
from campaigns.book.document import decode, digest_of, read_bytes
from campaigns.book.entry import LONGEST_LINE, Entry, read_entry
from campaigns.book.infer import infer
from campaigns.book.notes import about_note, marks_double
from campaigns.book.outline import Outline, outline
from campaigns.book.parts import BOM, even, parts
from campaigns.book.values import read_issues, read_private, read_values
from campaigns.book.words import is_blank
from campaigns.model.customer import Customer
from campaigns.model.errors import BookError
from campaigns.model.ids import CustomerId
from campaigns.model.record import Book, Record, RecordKind


def load(path: Path) -> Book:
    """Read the book file.

    Raises BookError naming the file (and line, where there is one) and the way out when it is
    missing, a folder, not UTF-8 text, or no customer book.
    """
    return load_with_digest(path)[0]


def load_with_digest(path: Path) -> tuple[Book, str]:
    """Read the book file once; return the book and the SHA-256 of exactly the bytes read."""
    raw = read_bytes(path)
    return parse(decode(raw, path), name=str(path)), digest_of(raw)


def parse(text: str, *, name: str = "The customer book") -> Book:
    """Read the book's text; `name` is what an error calls it.

    An empty text is an empty book with a diagnostic. Raises BookError when there is text but no
    "## Venue Information" heading: it is another file.
    """
    if not text.strip(BOM + " \t\r\n"):
        return Book(title="", records=(), diagnostics=(diagnostic("book-empty", 1),))
    with _uncollected():
        return _read(text, name)


def _read(text: str, name: str) -> Book:
    found = outline([text])
    if not found.is_book:
        raise BookError(
            f"{name}, line 1: there is no '## Venue Information' heading, so no customer can be "
            "told from other text. If this is the customer book, add that heading above the "
            "first '### customer' line; otherwise give the book with --book FILE."
        )
    records, suspicions = compared(list(_records([text], found)))
    return Book(
        title=found.title,
        records=records,
        diagnostics=tuple(found.diagnostics),
        suspicions=suspicions,
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the cyclic garbage collector from walking a growing book again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _records(chunks: Iterable[str], found: Outline) -> Iterator[Record]:
    entries = (part for part in parts(even(chunks, Counter())) if part.heading is not None)
    first_seen: dict[str, int] = {}
    around = Around(chains=found.chains)
    for part, name, customer_id in zip(entries, found.names, found.ids, strict=True):
        heading = (part.heading or "")[:LONGEST_LINE]
        entry = read_entry(heading, part.first, part.text)
        fingerprint = _fingerprint(name, part.text)
        other = first_seen.setdefault(fingerprint, part.first)
        kind = _kind(entry, other, around)
        record = _record(entry, name, customer_id, fingerprint, kind, found.updated)
        if record.kind is RecordKind.CUSTOMER:
            around = replace(around, previous=name)
        yield record


def _kind(entry: Entry, other: int, around: Around) -> Kind:
    kind = classify(entry, around)
    if kind == CUSTOMER and other != entry.number:
        entry.say("duplicate-entry", entry.number, entry.name, other=other)
        return Kind(RecordKind.DUPLICATE, f"an exact copy of the entry in line {other}", entry.name)
    return kind


def _record(
    entry: Entry,
    name: str,
    customer_id: CustomerId,
    fingerprint: str,
    kind: Kind,
    updated: date | None,
) -> Record:
    values = read_values(entry, updated)
    inferred = infer(entry, values.business_type)
    contacts = tuple(read_contacts(entry, customer_id, inferred.code))
    customer = Customer(
        id=customer_id,
        name=name,
        line=entry.number,
        business_type=values.business_type,
        zone_count=values.zone_count,
        zone_names=values.zone_names,
        platform=values.platform,
        price_per_zone=values.price_per_zone,
        currency=values.currency,
        contract_start=values.contract_start,
        contract_end=values.contract_end,
        brand_group=inferred.brand_group,
        brand=inferred.brand,
        city=inferred.city,
        country=inferred.country,
        region=inferred.region,
        timezone=inferred.timezone,
        language=inferred.language,
        contacts=contacts,
        issues=read_issues(entry),
        lines=values.lines,
    )
    _about_entry(entry, kind, customer)
    return Record(
        kind=kind.kind,
        customer=customer,
        private=read_private(entry, contact_notes(entry)),
        first_line=entry.number,
        last_line=entry.last,
        fingerprint=fingerprint,
        why=kind.why,
        refers_to=kind.refers_to,
        diagnostics=tuple(sorted(entry.diagnostics, key=lambda d: d.line)),
    )


def _about_entry(entry: Entry, kind: Kind, customer: Customer) -> None:
    """Say what concerns the entry as a whole."""
    entry.diagnostics.extend(spelling([(entry.number, entry.name), *entry.public]))
    for note in entry.notes:
        entry.diagnostics.extend(about_note(note))
    _about_name(entry)
    if kind.kind is not RecordKind.CUSTOMER:
        if customer.contacts:
            entry.say("heading-with-contact", entry.number, entry.name)
        return
    if all(is_blank(line.value) for line in entry.values.values()) and not customer.contacts:
        entry.say("entry-blank", entry.number, entry.name)
        return
    if not customer.contacts:
        entry.say("customer-unreachable", entry.number, entry.name)
    line = entry.values.get("contract_end")
    if line is None or is_blank(line.value):
        entry.say("contract-end-missing", line.number if line else entry.number, entry.name)


def _about_name(entry: Entry) -> None:
    if marks_double(entry.name):
        entry.say("marked-double", entry.number, entry.name)
    if entry.name and not entry.name[0].isalnum():
        entry.say("name-odd-start", entry.number, entry.name, mark=entry.name[0])


def _fingerprint(name: str, text: str) -> str:
    """Return a hash of the name and one of the lines below it, layout left aside.

    The two parts let a renamed entry be recognised by what it holds.
    """
    body = text.partition("\n")[2].replace("---", "")
    return f"{_digest(name)}-{_digest(' '.join(body.split()))}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()
