"""The customer book in service: read when it changed, its vocabulary and its problems."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from campaigns import book as books
from campaigns.book.summary import SOON, Summary, summary
from campaigns.model.customer import Customer, Private
from campaigns.model.errors import BookError
from campaigns.model.ids import CustomerId
from campaigns.model.ports import Clock, Store, Tx
from campaigns.model.record import Diagnostic, Severity
from campaigns.model.vocabulary import Vocabulary
from campaigns.orchestrator.lookup import customer_in
from campaigns.orchestrator.reread import reread

Stamp = tuple[int, int, int, int]
_REMARKS_SHOWN = 200  # on one entry
_MANY = 1_000  # entries read at once after which the database is to look at its tables anew


@dataclass(frozen=True, slots=True)
class Twin:
    """A customer that may be the same as another, and why it may."""

    id: CustomerId
    name: str
    why: str


def _nothing(_tx: Tx) -> None:
    pass


class CustomerBook:
    """One book file and the tables made from it.

    The file is the truth. It is looked at again when it changed, and only the entries that
    changed are read; a file that can no longer be read keeps what was read before, and says so
    in `trouble`.
    """

    def __init__(
        self,
        path: Path,
        store: Store,
        clock: Clock,
        after_read: Callable[[Tx], None] = _nothing,
    ) -> None:
        self.path = path
        self._clock = clock
        self._after_read = after_read
        self.trouble: str | None = None
        self._store = store
        self._lock = threading.RLock()
        self._stamp: Stamp | None = None
        self._digest = ""
        self._vocabulary: Vocabulary | None = None

    def refresh(self) -> bool:
        """Look at the file if it changed since the last look; return whether it did.

        Raises `BookError` naming the file when it cannot be read and never was.
        """
        with self._lock:
            try:
                stamp = self._look()
                if stamp == self._stamp:
                    return False
                self._bring_up_to_date(stamp)
            except BookError as error:
                if self._stamp is None:
                    raise
                self.trouble = str(error)
                return False
            self.trouble = None
            return True

    def _look(self) -> Stamp:
        try:
            stat = self.path.stat()
        except OSError as error:
            raise missing(self.path) from error
        return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino

    def _bring_up_to_date(self, stamp: Stamp) -> None:
        with books.opened(self.path) as file:
            source = (file.hashed(), books.reader())
            with self._store.read() as tx:
                is_same = tx.customers.source() == source
            read = 0
            if not is_same or self._stamp is None:
                # The first look is taken outside the transaction, in which others wait.
                reading = None if is_same else books.Reading(file.chunks, str(self.path))
                with self._store.begin() as tx:
                    tx.customers.hold()
                    if tx.customers.source() != source:
                        reading = reading or books.Reading(file.chunks, str(self.path))
                        everything = (tx.customers.source() or ("", ""))[1] != source[1]
                        now = self._clock.now()
                        read = reread(tx, reading, now, everything=everything).read
                        tx.customers.came_from(*source, reading.outline.updated)
                    self._after_read(tx)
            if read >= _MANY:
                self._store.settle()
        if self._digest != source[0]:
            self._vocabulary = None
        self._stamp, self._digest = stamp, source[0]

    @property
    def digest(self) -> str:
        """The SHA-256 of the file as last read."""
        self.refresh()
        return self._digest

    @property
    def vocabulary(self) -> Vocabulary:
        """The values a request may name."""
        with self._lock:
            self.refresh()
            if self._vocabulary is None:
                with self._store.read() as tx:
                    self._vocabulary = books.vocabulary_of(tx.entries.tally())
            return self._vocabulary

    @property
    def count(self) -> int:
        """How many customers the book has."""
        self.refresh()
        with self._store.read() as tx:
            return tx.customers.count()

    def remarks(self, first: int, limit: int) -> Sequence[Diagnostic]:
        """Return what is wrong with the book by line, from the `first`-th remark on."""
        self.refresh()
        with self._store.read() as tx:
            return tx.remarks.page(first, limit)

    def remarks_on(self, entry_id: CustomerId) -> Sequence[Diagnostic]:
        """Return what is wrong with one entry, the worst first."""
        order = list(Severity)
        with self._store.read() as tx:
            said = tx.remarks.page(0, _REMARKS_SHOWN, entry_id=entry_id)
        return sorted(said, key=lambda d: (order.index(d.severity), d.line))

    def problems(self, ids: Sequence[CustomerId]) -> Mapping[CustomerId, int]:
        """Return how many remarks beyond curiosities are about each of these entries."""
        with self._store.read() as tx:
            return tx.remarks.tally(ids, [s for s in Severity if s is not Severity.INFO])

    def twins(self, customer_id: CustomerId) -> Sequence[Twin]:
        """Return the customers that may be the same as this one."""
        with self._store.read() as tx:
            suspicions = tx.remarks.suspicions(customer_id)
            pairs = [
                (CustomerId(s.second if s.first == customer_id else s.first), s.why)
                for s in suspicions
            ]
            names = tx.customers.many([other for other, _ in pairs])
        return [Twin(i, names[i].name, why) for i, why in pairs if i in names]

    def summary(self, today: date, days: int = SOON) -> Summary:
        """Return the book in figures a person acts on."""
        self.refresh()
        with self._store.read() as tx:
            return summary(
                tx.entries.glances(),
                tx.entries.kinds(),
                tx.remarks.counts(),
                tx.remarks.suspicions(),
                today,
                days=days,
            )


def missing(path: Path) -> BookError:
    """Return the error for a book that is not there."""
    return BookError(
        f"{path}: there is no customer book here. Give one with --book FILE or CAMPAIGNS_BOOK."
    )


class CustomerList:
    """Customers as stored, for looking them up."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def page(self, search: str, cursor: str, limit: int) -> tuple[Sequence[Customer], str | None]:
        """Return a page in the book's order."""
        with self._store.read() as tx:
            return tx.customers.page(search, cursor, limit)

    def get(self, customer_id: CustomerId) -> tuple[Customer, Private | None]:
        """Return a customer and, for callers with the `notes` scope only, what is private."""
        with self._store.read() as tx:
            found = customer_in(tx, customer_id)
            return found, tx.customers.private(customer_id)
