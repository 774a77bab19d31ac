"""A record: one `###` entry of the book, classified, with what is wrong with it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from campaigns.model.customer import Address, Customer, Private
from campaigns.model.ids import CustomerId


class RecordKind(StrEnum):
    """What an entry of the book is. Only `CUSTOMER` is ever in an audience."""

    CUSTOMER = "customer"
    PLACE_HEADING = "place_heading"  # a country or city row
    GROUP_HEADING = "group_heading"  # a brand group's row
    STATUS_NOTE = "status_note"  # "renewal pending", "cancelled??", "?"
    FORMER_NAME = "former_name"  # "Formerly ...", "AKA ..." continuation rows
    DUPLICATE = "duplicate"  # an exact copy of an earlier entry
    NOT_A_CUSTOMER = "not_a_customer"  # a person said so: "Is Customer: no"


class Severity(StrEnum):
    """How bad a diagnostic is: an error needs a person, a warning may, info is for the curious."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """Something to know about a line of the book.

    `code` is stable ("zone-count-mismatch"), `line` 1-based, `excerpt` the text concerned
    (never from Special Notes), `suggestion` what a person can do, empty when nothing is needed.
    """

    code: str
    severity: Severity
    line: int
    excerpt: str
    message: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One entry of the book: its lines, its kind and, for every kind, what could be read.

    `first_line` and `last_line` (1-based, inclusive) span the entry. `customer` is typed for
    every kind so that a person can see what a heading row holds; only records of kind
    CUSTOMER are customers. `why` says what made the kind. `refers_to` is the heading of the
    entry a FORMER_NAME or DUPLICATE belongs to, when known. `fingerprint` is a hash of the
    entry's text: equal fingerprints mean an unchanged entry.
    """

    kind: RecordKind
    customer: Customer
    private: Private
    first_line: int
    last_line: int
    fingerprint: str
    why: str = ""
    refers_to: str | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """A record with its place among the entries (from 0) and the hash `Mark` calls text."""

    record: Record
    position: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Enough of an entry to know it again when the book is read another time.

    `fingerprint` is the record's, `text` a hash of exactly the entry's text, line ends aside.
    The entry spans `lines` lines from line `line` on.
    """

    id: CustomerId
    name: str
    kind: RecordKind
    fingerprint: str
    text: str
    line: int
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A customer as far as comparing it with others and adding it up need.

    `zones_named` counts the zone names fit to be shown, `people` the contacts the book names
    without an address. `line` is the heading's line.
    """

    id: CustomerId
    name: str
    line: int
    brand_group: str | None = None
    country: str | None = None
    business_type: str | None = None
    platform: str | None = None
    zone_count: int | None = None
    zones_named: int = 0
    priced: bool = False
    contract_start: date | None = None
    contract_end: date | None = None
    people: int = 0
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateSuspicion:
    """Two customers that may be one. Shown to a person; never merged by itself."""

    first: str
    second: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The whole book as read: every entry in file order, and what is wrong outside entries."""

    title: str
    records: tuple[Record, ...]
    diagnostics: tuple[Diagnostic, ...]
    suspicions: tuple[DuplicateSuspicion, ...] = ()

    @property
    def customers(self) -> tuple[Customer, ...]:
        """The customers, in file order."""
        return tuple(r.customer for r in self.records if r.kind is RecordKind.CUSTOMER)
