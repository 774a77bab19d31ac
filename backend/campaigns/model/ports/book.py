"""The customer book in the store: customers, entries, remarks and the journal of changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from campaigns.model.audience import Audience, Toggle
from campaigns.model.change import Change, ChangeStatus, Origin
from campaigns.model.customer import Channel, Customer, Private
from campaigns.model.ids import CustomerId
from campaigns.model.plan import Plan
from campaigns.model.record import (
    Diagnostic,
    DuplicateSuspicion,
    Glance,
    Mark,
    Read,
    RecordKind,
    Severity,
)
from campaigns.model.reply import Sender
from campaigns.model.vocabulary import Tally


class Customers(Protocol):
    """The read side of the customer book."""

    def hold(self) -> None:
        """Keep other processes from reading the book in until this transaction ends."""
        ...

    def came_from(self, digest: str, reader: str = "", updated: date | None = None) -> None:
        """Note what the tables are now equal to: a file's SHA-256, who read it, its own date."""
        ...

    def source(self) -> tuple[str, str] | None:
        """Return the digest of the file the tables are equal to, and which reader read it."""
        ...

    def digest(self) -> str | None: ...
    def book_date(self) -> date | None:
        """Return the book's own date when it was last read."""
        ...

    def count(self) -> int: ...
    def look(self, plan: Plan, samples: int) -> tuple[int, Sequence[Customer]]:
        """Return how many customers a clear plan reaches, and the first of them."""
        ...

    def resolve(self, plan: Plan, toggles: Sequence[Toggle] = ()) -> Audience:
        """Return the audience of a clear plan, contacts chosen and blocked addresses out."""
        ...

    def get(self, customer_id: CustomerId) -> Customer | None: ...
    def many(self, ids: Sequence[CustomerId]) -> Mapping[CustomerId, Customer]: ...
    def private(self, customer_id: CustomerId) -> Private | None:
        """Return notes, hardware and account id: only for callers with the `notes` scope."""
        ...

    def page(
        self, search: str, cursor: str, limit: int
    ) -> tuple[Sequence[Customer], str | None]: ...
    def at_address(self, channel: Channel, address: str) -> Sequence[Sender]:
        """Return every contact with exactly this normalised address."""
        ...

    def addresses(self, channel: Channel) -> frozenset[str]:
        """Return every address customers have on a channel."""
        ...

    def counts(self, column: str) -> Mapping[str, int]:
        """Return how many customers have each value of a column; "unknown" counts blanks."""
        ...

    def reachability(self) -> Mapping[str, int]:
        """Return how many customers have an address per channel, and how many have none."""
        ...


class Entries(Protocol):
    """The customer book's entries as last read, customers or not; the file is the truth."""

    def known(self) -> Sequence[Mark]:
        """Return every entry, in the book's order."""
        ...

    def each(self) -> Iterator[Mark]:
        """Yield what `known` returns, a few entries at a time."""
        ...

    def mark(self, entry_id: CustomerId) -> Mark | None: ...
    def starting_after(self, day: date) -> frozenset[CustomerId]:
        """Return the customers whose contract starts after `day`."""
        ...

    def put(self, entries: Iterable[Read]) -> int:
        """Store entries in place of what stood under their ids; return how many."""
        ...

    def move(self, moved: Iterable[tuple[CustomerId, int, int]]) -> None:
        """Give entries that did not change their place now: (id, position, line)."""
        ...

    def drop(self, ids: Iterable[CustomerId]) -> None:
        """Take entries out, with what was said about them."""
        ...

    def glances(self) -> Iterable[Glance]:
        """Yield every customer at a glance, in the book's order."""
        ...

    def kinds(self) -> Mapping[RecordKind, int]: ...
    def tally(self) -> Tally:
        """Return how many customers have each value a request can name."""
        ...


class Remarks(Protocol):
    """What is wrong with the customer book, as said when it was last read."""

    def say(
        self,
        compared: Mapping[CustomerId, Sequence[Diagnostic]],
        suspicions: Iterable[DuplicateSuspicion],
        outside: Iterable[Diagnostic],
    ) -> None:
        """Store what comparing entries says and what is said outside them, in place of before."""
        ...

    def counts(self) -> Mapping[str, tuple[int, int]]:
        """Return, for each code, how often it was said and in which line first."""
        ...

    def page(
        self,
        first: int,
        limit: int,
        *,
        code: str | None = None,
        severities: Iterable[Severity] = ...,
        entry_id: CustomerId | None = None,
    ) -> Sequence[Diagnostic]:
        """Return remarks by their line, from the `first`-th on."""
        ...

    def tally(
        self, ids: Sequence[CustomerId], severities: Iterable[Severity]
    ) -> Mapping[CustomerId, int]:
        """Return how many remarks of some severities are about each of these entries."""
        ...

    def suspicions(self, entry_id: CustomerId | None = None) -> Sequence[DuplicateSuspicion]:
        """Return the customers that may be one, of all or with this one, in the book's order."""
        ...


class Changes(Protocol):
    """What the house did to the book file, and where imported values came from."""

    def add(self, change: Change) -> None:
        """Store a change that is about to be made."""
        ...

    def settle(self, change_id: str, old: ChangeStatus, new: ChangeStatus) -> bool:
        """Set `new` when the status is `old`; return whether it was."""
        ...

    def get(self, change_id: str) -> Change | None: ...
    def begun(self) -> Sequence[Change]:
        """Return the changes that were begun and never settled, oldest first."""
        ...

    def page(self, cursor: str, limit: int) -> tuple[Sequence[Change], str | None]: ...
    def last_done(self) -> Change | None:
        """Return the newest change that stands and takes none back."""
        ...

    def remember(self, origins: Iterable[Origin]) -> None: ...
    def origins(self, customer_id: CustomerId) -> Sequence[Origin]: ...
