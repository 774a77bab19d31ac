"""Read the book: text into typed records, with everything doubtful said and nothing dropped."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from campaigns.book.across import Said, compare, glance
from campaigns.book.classify import CUSTOMER, Around, Kind, classify
from campaigns.book.clean import spelling
from campaigns.book.contacts import contact_notes, read_contacts
from campaigns.book.entry import LONGEST_LINE, Entry, read_entry
from campaigns.book.infer import infer
from campaigns.book.notes import about_note, marks_double
from campaigns.book.outline import outline
from campaigns.book.parts import Part, even, parts
from campaigns.book.source import decode, read_bytes
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
    return parse(decode(read_bytes(path), path), name=str(path))


def parse(text: str, *, name: str = "The customer book") -> Book:
    """Read the book's text; `name` is what an error calls it.

    An empty text is an empty book with a diagnostic. Raises BookError when there is text but no
    "## Venue Information" heading: it is another file.
    """
    with _uncollected():
        reading = Reading(lambda: [text], name)
        records = list(reading.records())
        customers = [r for r in records if r.kind is RecordKind.CUSTOMER]
        said, suspicions = compare(lambda: map(glance, customers))
    return Book(
        title=reading.outline.title,
        records=tuple(_with(record, said) for record in records),
        diagnostics=tuple(reading.outline.diagnostics),
        suspicions=suspicions,
    )


def _with(record: Record, said: Said) -> Record:
    extra = said.get(record.customer.id)
    return replace(record, diagnostics=(*record.diagnostics, *extra)) if extra else record


class Reading:
    """A book while it is read: looked over once, then read entry by entry.

    `chunks` opens its text, in pieces of any size, each time it is called.
    """

    def __init__(self, chunks: Callable[[], Iterable[str]], name: str) -> None:
        """Look over the book. Raises BookError when there is text but no Venue Information."""
        self._chunks = chunks
        self.outline = outline(chunks())
        if not self.outline.is_book and not self.outline.is_blank:
            raise BookError(
                f"{name}, line 1: there is no '## Venue Information' heading, so no customer can "
                "be told from other text. If this is the customer book, add that heading above "
                "the first '### customer' line; otherwise give the book with --book FILE."
            )

    def records(
        self, ids: Sequence[str] | None = None, known: Sequence[int] = ()
    ) -> Iterator[Record]:
        """Read the entries, in file order, and yield their records.

        `ids` are given to the entries in place of their own. Where `known` is true, by position,
        the entry is known to be a customer and need not be read; it is passed over. Comparing
        entries with each other is left to `compare`.
        """
        found = self.outline
        entries = (p for p in parts(even(self._chunks())) if p.heading is not None)
        previous: int | None = None
        for at, part in enumerate(entries):
            if known and known[at]:
                previous = at
                continue
            above = None if previous is None else found.names[previous]
            around = Around(previous=above, chains=found.chains)
            record = self._record(at, part, CustomerId((ids or found.ids)[at]), around)
            yield record
            if record.kind is RecordKind.CUSTOMER:
                previous = at

    def _record(self, at: int, part: Part, customer_id: CustomerId, around: Around) -> Record:
        found = self.outline
        entry = read_entry((part.heading or "")[:LONGEST_LINE], part.first, part.text)
        copied = found.copies.get(at)
        kind = _kind(entry, None if copied is None else found.firsts[copied], around)
        known_by = KnownBy(found.names[at], customer_id, found.fingerprints[at])
        return _typed(entry, known_by, kind, found.updated)


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


def _kind(entry: Entry, copied: int | None, around: Around) -> Kind:
    kind = classify(entry, around)
    if kind == CUSTOMER and copied is not None:
        entry.say("duplicate-entry", entry.number, entry.name, other=copied)
        why = f"an exact copy of the entry in line {copied}"
        return Kind(RecordKind.DUPLICATE, why, entry.name)
    return kind


@dataclass(frozen=True, slots=True)
class KnownBy:
    """What an entry is known by."""

    name: str
    id: CustomerId
    fingerprint: str


def _typed(entry: Entry, known_by: KnownBy, kind: Kind, updated: date | None) -> Record:
    values = read_values(entry, updated)
    inferred = infer(entry, values.business_type)
    contacts = tuple(read_contacts(entry, known_by.id, inferred.code))
    customer = Customer(
        id=known_by.id,
        name=known_by.name,
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
        key_account=values.key_account,
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
        fingerprint=known_by.fingerprint,
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
        if customer.contacts and kind.kind is not RecordKind.NOT_A_CUSTOMER:
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
