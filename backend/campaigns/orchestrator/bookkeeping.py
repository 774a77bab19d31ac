"""A whole new customer book in the place of the old one: compared first, then put there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from campaigns import book as books
from campaigns.book.rewrite import rewriting
from campaigns.book.source import decode, digest_of
from campaigns.model.access import Actor
from campaigns.model.errors import NotFound
from campaigns.model.ids import CustomerId
from campaigns.model.record import Book, Diagnostic, Record, RecordKind, Severity
from campaigns.orchestrator.customers import CustomerBook
from campaigns.orchestrator.ports import Ports

KEPT = "import-{}.md"  # an uploaded book in the data folder, by the digest of its bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a new book would change: names of customers, and what is wrong with the new file.

    `digest` names the new file, `based_on` the file it was compared with. `campaigns` are those
    under way that write to customers who change or go.
    """

    digest: str
    based_on: str
    added: Sequence[str]
    changed: Sequence[str]
    removed: Sequence[str]
    unreadable: int
    before: int
    problems: Sequence[tuple[str, Diagnostic]]
    campaigns: Sequence[str]

    @property
    def changes(self) -> int:
        """How many customers are added, changed or removed."""
        return len(self.added) + len(self.changed) + len(self.removed)

    @property
    def removes_many(self) -> bool:
        """Whether more than a fifth of the customers would go."""
        return len(self.removed) * 5 > self.before


class BookKeeping:
    """Replaces the book file; every replacement is one line of the audit trail."""

    def __init__(self, ports: Ports, book: CustomerBook, folder: Path | None) -> None:
        self._p = ports
        self._book = book
        self._folder = folder

    def compare(self, raw: bytes) -> Comparison:
        """Return what a new book file would change; it is kept so that it can be applied.

        Raises `BookError` when it cannot be read.
        """
        digest = digest_of(raw)
        new = books.parse(decode(raw, Path("the uploaded file")), name="The uploaded file")
        current = self._book.book
        with self._p.store.read() as tx:
            known = [(m.id, m.name, m.fingerprint) for m in tx.entries.known()]
            based_on = tx.customers.digest() or ""
        new = books.reassign(new, known)
        old_ids = _customers(current)
        new_ids = _customers(new)
        gone = old_ids.keys() - new_ids.keys()
        changed = [
            i
            for i in new_ids.keys() & old_ids.keys()
            if new_ids[i].fingerprint != old_ids[i].fingerprint
        ]
        if self._folder is not None:
            (self._folder / KEPT.format(digest)).write_bytes(raw)
        return Comparison(
            digest=digest,
            based_on=based_on,
            added=[new_ids[i].customer.name for i in new_ids.keys() - old_ids.keys()],
            changed=[new_ids[i].customer.name for i in changed],
            removed=[old_ids[i].customer.name for i in gone],
            unreadable=sum(
                any(d.severity is Severity.ERROR for d in r.diagnostics) for r in new.records
            ),
            before=len(old_ids),
            problems=_problems(new),
            campaigns=self._under_way({*gone, *changed}),
        )

    def apply(self, digest: str, based_on: str, actor: Actor) -> int:
        """Put a compared file in the book's place; return how many customers it has.

        Raises `BookError` when the book changed since, `NotFound` when the file is not kept.
        """
        kept = self._folder / KEPT.format(digest) if self._folder and digest.isalnum() else None
        if kept is None or not kept.exists():
            raise NotFound("The uploaded file is not here any more. Upload it again.")
        with rewriting(self._book.path, based_on or None) as rewrite:
            rewrite.write(kept.read_bytes())
        kept.unlink()
        self._book.refresh()
        now = self._p.clock.now()
        customers = len(self._book.book.customers)
        with self._p.store.begin() as tx:
            tx.audit.add(
                now, actor.name, "book.imported", f"book:{digest[:12]}", {"customers": customers}
            )
        return customers

    def _under_way(self, ids: Collection[CustomerId]) -> Sequence[str]:
        with self._p.store.read() as tx:
            return tx.desk.under_way_with(ids)


def _customers(book: Book) -> dict[CustomerId, Record]:
    return {r.customer.id: r for r in book.records if r.kind is RecordKind.CUSTOMER}


def _problems(book: Book) -> Sequence[tuple[str, Diagnostic]]:
    """Return what is wrong with a book beyond curiosities, in the file's order."""
    found = [("", d) for d in book.diagnostics]
    found += [(r.customer.name, d) for r in book.records for d in r.diagnostics]
    return sorted((p for p in found if p[1].severity is not Severity.INFO), key=lambda p: p[1].line)
