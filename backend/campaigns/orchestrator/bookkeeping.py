"""A whole new customer book in the place of the old one: compared first, then put there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from campaigns import book as books
from campaigns.book.document import Document
from campaigns.book.edits.whole import differing
from campaigns.book.source import decode, digest_of
from campaigns.model.access import Actor
from campaigns.model.ids import CustomerId
from campaigns.model.record import Book, Diagnostic, RecordKind, Severity
from campaigns.orchestrator.customers import CustomerBook
from campaigns.orchestrator.editing import BookEditing, What
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.uploads import Uploads

UPLOADED = Path("the uploaded file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a new book would change: names of customers, and what is wrong with the new file.

    `token` finds the new file again, `based_on` names the file it was compared with. `campaigns`
    are those under way that write to customers who change or go.
    """

    token: str
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
    """Replaces the book's whole text, as one change that `book undo` takes back."""

    def __init__(
        self, ports: Ports, book: CustomerBook, editing: BookEditing, uploads: Uploads
    ) -> None:
        self._p = ports
        self._book = book
        self._editing = editing
        self._uploads = uploads

    def compare(self, raw: bytes) -> Comparison:
        """Return what a new book file would change; it is kept so that it can be applied.

        Raises `BookError` when it cannot be read.
        """
        self._book.refresh()
        read = books.parse(decode(raw, UPLOADED), name="The uploaded file")
        with self._p.store.read() as tx:
            known = tx.entries.known()
            based_on = tx.customers.digest() or ""
        new = books.reassign(read, [(m.id, m.name, m.fingerprint) for m in known])
        was = {m.id: m for m in known if m.kind is RecordKind.CUSTOMER}
        now = {r.customer.id: r for r in new.records if r.kind is RecordKind.CUSTOMER}
        gone = [i for i in was if i not in now]
        changed = [i for i in now if i in was and now[i].fingerprint != was[i].fingerprint]
        return Comparison(
            token=self._uploads.keep([(UPLOADED.name, BytesIO(raw))]),
            based_on=based_on,
            added=[r.customer.name for i, r in now.items() if i not in was],
            changed=[now[i].customer.name for i in changed],
            removed=[was[i].name for i in gone],
            unreadable=sum(
                any(d.severity is Severity.ERROR for d in r.diagnostics) for r in new.records
            ),
            before=len(was),
            problems=_problems(new),
            campaigns=self._under_way({*gone, *changed}),
        )

    def apply(self, token: str, based_on: str, actor: Actor) -> int:
        """Put a compared file in the book's place; return how many customers it has.

        Raises `BookError` when the book changed since, `NotFound` when the file is not kept.
        """
        [(_, raw)] = self._uploads.read(token)
        new = Document.of(decode(raw, UPLOADED))
        what = What(action="book.replaced", subject="book", detail={"file": digest_of(raw)[:12]})
        self._editing.make(what, lambda old: differing(old, new), actor, based_on or None)
        self._uploads.forget(token)
        return self._book.count

    def _under_way(self, ids: Collection[CustomerId]) -> Sequence[str]:
        with self._p.store.read() as tx:
            return tx.desk.under_way_with(ids)


def _problems(book: Book) -> Sequence[tuple[str, Diagnostic]]:
    """Return what is wrong with a book beyond curiosities, in the file's order."""
    found = [("", d) for d in book.diagnostics]
    found += [(r.customer.name, d) for r in book.records for d in r.diagnostics]
    return sorted((p for p in found if p[1].severity is not Severity.INFO), key=lambda p: p[1].line)
