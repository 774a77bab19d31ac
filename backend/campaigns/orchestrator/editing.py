"""Change the customer book: every change is locked, kept so that it can be undone, and audited."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

from campaigns.book.document import Document
from campaigns.book.edits.layout import Place
from campaigns.book.edits.merge import Conflict, merged
from campaigns.book.edits.people import Person, put_contact
from campaigns.book.edits.splice import applied, taken_back
from campaigns.book.edits.tidy import SAFE, tidied
from campaigns.book.edits.values import accepted, field_of, set_values
from campaigns.book.rewrite import Rewrite, rewriting
from campaigns.book.source import decode, digest_of, encode, read_bytes
from campaigns.model.access import SYSTEM, Actor
from campaigns.model.change import Change, ChangeStatus, Hunk
from campaigns.model.errors import Among, BookChanged, EditRefused, NotFound, WrongState
from campaigns.model.fold import fold
from campaigns.model.ids import CustomerId
from campaigns.model.ports import Tx
from campaigns.model.record import Mark
from campaigns.orchestrator.customers import CustomerBook
from campaigns.orchestrator.lookup import customer_in
from campaigns.orchestrator.ports import Ports

Make = Callable[[Document], Sequence[Hunk]]


@dataclass(frozen=True, slots=True, kw_only=True)
class What:
    """What a change is, in words for the audit trail: no address and nothing private."""

    action: str
    subject: str
    customers: tuple[CustomerId, ...] = ()
    detail: Mapping[str, object] = field(default_factory=dict)
    undoes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A merge: the change, None where it was only looked at, and the contradictions in it."""

    change: Change | None
    hunks: Sequence[Hunk]
    conflicts: Sequence[Conflict]


class BookEditing:
    """Writes into the book file.

    `expected` is always the digest (SHA-256) of the file the caller looked at, None for the file
    as it is now. Raises `BookChanged` when it is another one by now or somebody is writing it,
    `EditRefused` when what is to be written would not be read back, `NotFound` for an unknown
    entry.
    """

    def __init__(self, ports: Ports, book: CustomerBook) -> None:
        self._p = ports
        self._book = book

    def find(self, wanted: str) -> Mark:
        """Return the entry with this id or, folded, this name, customer or not."""
        self._book.refresh()
        with self._p.store.read() as tx:
            mark = tx.entries.mark(CustomerId(wanted))
            if mark is not None:
                return mark
            named = [m for m in tx.entries.known() if fold(m.name) == fold(wanted)]
        if len(named) > 1:
            ids = ", ".join(f"{m.id} (line {m.line})" for m in named)
            raise NotFound(f"{wanted!r} names {len(named)} entries; use an id: {ids}")
        if not named:
            raise NotFound(f"There is no customer {wanted!r} in the book. Names are matched whole.")
        return named[0]

    # --- changes -------------------------------------------------------------------------------

    def set_values(
        self,
        customer_id: CustomerId,
        values: Mapping[str, str],
        actor: Actor,
        expected: str | None = None,
        *,
        action: str = "book.set",
    ) -> Change:
        """Set values of an entry, each in its own line; keys or field names of the book."""
        if not values:
            raise EditRefused("Nothing is to be set. Give a field and a value.")
        mark = self._mark(customer_id)
        what = What(
            action=action,
            subject=f"customer:{customer_id}",
            customers=(customer_id,),
            detail={"fields": sorted(field_of(key) for key in values)},
        )
        return self.make(what, lambda doc: set_values(doc, _place(mark), values), actor, expected)

    def set_value(self, customer_id: CustomerId, key: str, value: str, actor: Actor) -> Change:
        """Set one value of an entry."""
        return self.set_values(customer_id, {key: value}, actor)

    def accept(
        self, customer_id: CustomerId, key: str, actor: Actor, expected: str | None = None
    ) -> Change:
        """Write what was inferred about a customer into its entry."""
        self._book.refresh()
        with self._p.store.read() as tx:
            customer = customer_in(tx, customer_id)
        known, value = accepted(customer, key)
        return self.set_values(customer_id, {known: value}, actor, expected, action="book.accepted")

    def mark(
        self,
        customer_id: CustomerId,
        actor: Actor,
        expected: str | None = None,
        *,
        is_customer: bool,
    ) -> Change:
        """Say that an entry is no customer, or that it is one."""
        said = {"is_customer": "yes" if is_customer else "no"}
        return self.set_values(customer_id, said, actor, expected, action="book.marked")

    def put_contact(
        self,
        customer_id: CustomerId,
        person: Person,
        actor: Actor,
        expected: str | None = None,
    ) -> Change:
        """Add a contact to an entry, or change the one of that role and name."""
        mark = self._mark(customer_id)
        what = What(
            action="book.contact",
            subject=f"customer:{customer_id}",
            customers=(customer_id,),
            detail={"role": person.role, "lines": sorted(person.lines)},
        )
        return self.make(what, lambda doc: put_contact(doc, _place(mark), person), actor, expected)

    def merge(
        self,
        into: CustomerId,
        other: CustomerId,
        actor: Actor,
        expected: str | None = None,
        *,
        dry_run: bool = False,
        contradicting: bool = False,
    ) -> Merged:
        """Merge one entry into another; `dry_run` only shows what that would change.

        Two entries that contradict each other are refused unless `contradicting`: then the
        first one's values stay, and the other's go into its Special Notes.
        """
        one, two = self._mark(into), self._mark(other)
        conflicts: list[Conflict] = []

        def make(document: Document) -> Sequence[Hunk]:
            found = merged(document, _place(one), _place(two))
            conflicts.extend(found.conflicts)
            if conflicts and not (dry_run or contradicting):
                fields = ", ".join(c.field for c in conflicts)
                raise EditRefused(
                    f"{one.name} and {two.name} contradict each other: {fields}. Look at the dry "
                    "run; then set them right, or say that the first one's values stay."
                )
            return found.hunks

        if dry_run:
            with self._locked(expected) as rewrite:
                document = Document.of(decode(rewrite.old, self._book.path))
            return Merged(change=None, hunks=make(document), conflicts=conflicts)
        what = What(
            action="book.merged",
            subject=f"customer:{into}",
            customers=(into, other),
            detail={"merged": other},
        )
        change = self.make(what, make, actor, expected)
        return Merged(change=change, hunks=change.hunks, conflicts=conflicts)

    def tidy(self, actor: Actor, expected: str | None = None) -> Change | None:
        """Put right what can be put right safely; None when there is nothing to."""
        self._book.refresh()
        with self._p.store.read() as tx:
            counts = tx.remarks.counts()
            total = sum(counts[code][0] for code in SAFE if code in counts)
            said = [d for code in SAFE for d in tx.remarks.page(0, total, code=code)]
        if not said:
            return None
        detail = {code: counts[code][0] for code in SAFE if code in counts}
        what = What(action="book.tidied", subject="book", detail=detail)
        return self.make(what, lambda doc: tidied(doc, said), actor, expected)

    # --- the way back --------------------------------------------------------------------------

    def undo(self, actor: Actor, change_id: str | None = None) -> Change:
        """Take a change back, the last one that stands where none is named.

        Raises `BookChanged` when its lines were changed since, `WrongState` when it does not
        stand.
        """
        self._book.refresh()
        with self._p.store.read() as tx:
            old = tx.changes.last_done() if change_id is None else tx.changes.get(change_id)
        if old is None:
            if change_id is None:
                raise NotFound("There is no change to take back.")
            raise NotFound(f"There is no change {change_id}.", Among.CHANGES)
        if old.status is not ChangeStatus.DONE or old.undoes is not None:
            raise WrongState(
                f"Change {old.id} is {old.status.value}"
                f"{' and takes another one back' if old.undoes else ''}; only a change that "
                "stands can be taken back."
            )
        what = What(
            action="book.undone",
            subject=old.subject,
            customers=old.customers,
            detail={"undoes": old.id, "was": old.action},
            undoes=old.id,
        )

        def make(document: Document) -> Sequence[Hunk]:
            is_after = digest_of(encode(str(document))) == old.after
            return taken_back(document, old.hunks, is_after=is_after)

        return self.make(what, make, actor, None)

    def changes(self, cursor: str, limit: int) -> tuple[Sequence[Change], str | None]:
        """Return a page of what was changed, newest first."""
        with self._p.store.read() as tx:
            return tx.changes.page(cursor, limit)

    def recover(self) -> None:
        """Settle the changes that a crash cut short between the file and the tables.

        A file that somebody is writing right now is left for the next time.
        """
        with self._p.store.read() as tx:
            begun = tx.changes.begun()
        if begun:
            with suppress(BookChanged), rewriting(self._book.path, None) as rewrite:
                for change in begun:
                    self._conclude(change, digest_of(rewrite.old))

    def _conclude(self, change: Change, now: str) -> None:
        """Settle a change by what the file shows."""
        match now:
            case change.after:
                self._settle(change, ChangeStatus.DONE)
            case change.before:
                self._settle(change, ChangeStatus.DROPPED)
            case _:
                self._settle(change, ChangeStatus.UNCLEAR)

    # --- how -----------------------------------------------------------------------------------

    def _mark(self, customer_id: CustomerId) -> Mark:
        self._book.refresh()
        with self._p.store.read() as tx:
            mark = tx.entries.mark(customer_id)
        if mark is None:
            raise NotFound(f"There is no entry {customer_id} in the book.")
        return mark

    @contextmanager
    def _locked(self, expected: str | None) -> Iterator[Rewrite]:
        """Lock the file, which must be the one the tables were read from and the caller saw."""
        known = self._book.digest
        if expected not in (None, known):
            raise BookChanged(
                f"{self._book.path} was changed since it was read. Read it again and repeat the "
                "change."
            )
        with rewriting(self._book.path, known) as rewrite:
            yield rewrite

    def make(self, what: What, make: Make, actor: Actor, expected: str | None) -> Change:
        """Make a change: noted as begun, then written, then noted as done, under one lock."""
        with self._locked(expected) as rewrite:
            document = Document.of(decode(rewrite.old, self._book.path))
            hunks = tuple(make(document))
            new = encode(str(applied(document, hunks)))
            change = Change(
                id=self._p.ids.new("b"),
                at=self._p.clock.now(),
                actor=actor.name,
                action=what.action,
                subject=what.subject,
                before=digest_of(rewrite.old),
                after=digest_of(new),
                hunks=hunks,
                undoes=what.undoes,
                customers=what.customers,
                detail=what.detail,
            )
            if not hunks:
                return replace(change, status=ChangeStatus.DROPPED)
            with self._p.store.begin() as tx:
                tx.changes.add(change)
            try:
                rewrite.write(new)
            finally:
                self._conclude(change, digest_of(read_bytes(self._book.path)))
        self._book.refresh()
        return replace(change, status=ChangeStatus.DONE)

    def _settle(self, change: Change, status: ChangeStatus) -> None:
        with self._p.store.begin() as tx:
            if not tx.changes.settle(change.id, ChangeStatus.BEGUN, status):
                return
            if status is ChangeStatus.DONE and change.undoes is not None:
                tx.changes.settle(change.undoes, ChangeStatus.DONE, ChangeStatus.UNDONE)
            if status is not ChangeStatus.DROPPED:
                self._tell(tx, change, status)

    def _tell(self, tx: Tx, change: Change, status: ChangeStatus) -> None:
        detail = {
            **change.detail,
            "change": change.id,
            "lines": [h.line for h in change.hunks][:20],
        }
        if status is ChangeStatus.UNCLEAR:
            detail["unclear"] = "the book was changed by somebody else before this was settled"
        actor = change.actor or SYSTEM.name
        tx.audit.add(self._p.clock.now(), actor, change.action, change.subject, detail)


def _place(mark: Mark) -> Place:
    return Place(name=mark.name, first=mark.line, last=mark.line + mark.lines - 1)
