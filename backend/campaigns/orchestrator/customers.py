"""The customer book in service: read when it changed, its vocabulary and its problems."""

from collections.abc import Callable, Sequence
from pathlib import Path

from campaigns import book as books
from campaigns.model.customer import Customer, Private
from campaigns.model.errors import BookError, NotFound
from campaigns.model.ids import CustomerId
from campaigns.model.ports import Store, Tx
from campaigns.model.record import Book
from campaigns.model.vocabulary import Vocabulary


def _nothing(_tx: Tx, _book: Book) -> None:
    pass


class CustomerBook:
    """One book file and the table made from it.

    The file is the truth. It is read again when it changed; a file that can no longer be read
    keeps what was read before, and says so in `trouble`.
    """

    def __init__(
        self, path: Path, store: Store, after_read: Callable[[Tx, Book], None] = _nothing
    ) -> None:
        self.path = path
        self._after_read = after_read
        self.trouble: str | None = None
        self._store = store
        self._stamp: tuple[int, int] | None = None
        self._book: Book | None = None
        self._vocabulary: Vocabulary | None = None

    def refresh(self) -> bool:
        """Read the file if it changed since the last look; return whether it was read.

        Raises `BookError` naming file and line when it cannot be read and never was.
        """
        try:
            stat = self.path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if stamp == self._stamp:
                return False
            self._read(stamp)
        except (BookError, OSError) as error:
            if self._book is None:
                raise error if isinstance(error, BookError) else missing(self.path) from error
            self.trouble = str(error)
            return False
        self.trouble = None
        return True

    def _read(self, stamp: tuple[int, int]) -> None:
        book, digest = books.load_with_digest(self.path)
        with self._store.begin() as tx:
            book = books.reassign(book, tx.customers.known())
            if tx.customers.digest() != digest:
                tx.customers.replace(book, digest)
            self._after_read(tx, book)
        self._book, self._vocabulary, self._stamp = book, books.vocabulary(book), stamp

    @property
    def book(self) -> Book:
        """The book as last read."""
        self.refresh()
        if self._book is None:
            raise missing(self.path)
        return self._book

    @property
    def vocabulary(self) -> Vocabulary:
        """The values a request may name."""
        self.refresh()
        if self._vocabulary is None:
            raise missing(self.path)
        return self._vocabulary


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
            found = tx.customers.get(customer_id)
            if found is None:
                raise NotFound(f"There is no customer {customer_id}. List them: GET /api/customers")
            return found, tx.customers.private(customer_id)
