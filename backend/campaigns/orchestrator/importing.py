"""Bring customers and contacts from other files into the book: shown first, then written at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz import fuzz, process

from campaigns.book.document import Document
from campaigns.book.edits.splice import Splice, hunks_of
from campaigns.book.importing.compare import (
    Fate,
    Item,
    appended_entries,
    new_entry,
    replaced,
    taken_over,
)
from campaigns.book.importing.sources import (
    MARKDOWN,
    Incoming,
    Table,
    read_entries,
    read_folder,
    read_table,
)
from campaigns.book.importing.unpack import unzipped
from campaigns.book.parts import is_venues
from campaigns.book.source import decode, read_bytes
from campaigns.model.access import Actor
from campaigns.model.change import Change, ChangeStatus, Hunk, Origin
from campaigns.model.errors import EditRefused, NotFound
from campaigns.model.fold import fold
from campaigns.model.ids import CustomerId
from campaigns.model.record import Mark, RecordKind
from campaigns.orchestrator.customers import CustomerBook
from campaigns.orchestrator.editing import BookEditing, What
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.profiles import Profiles

_NEAR = 80  # how alike (0-100) a name must be to be shown to a person
_NEAR_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person decided: whose value counts, and whether unknown customers are added.

    `matches` says of names that are only near, or that two entries have, which customer they
    mean; None is a customer of its own, to be added.
    """

    theirs: bool = False
    create: bool = False
    matches: Mapping[str, CustomerId | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """An incoming customer that no entry is called exactly like, and those it may be.

    `ids` are the candidates' own, in their order.
    """

    source: str
    name: str
    candidates: tuple[str, ...]
    ids: tuple[CustomerId, ...] = ()


@dataclass(slots=True, kw_only=True)
class Report:
    """What an import changes, and what it leaves to a person.

    `same` counts values the book has already. `unmatched` are customers no entry is like; they
    are added only when somebody says so. `matched` gives the customer of each row that has one.
    `change` is None until it is written.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    unmapped: tuple[str, ...] = ()
    items: list[Item] = field(default_factory=list)
    near: list[Near] = field(default_factory=list)
    unmatched: list[Near] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    matched: dict[str, CustomerId] = field(default_factory=dict)
    same: int = 0
    hunks: Sequence[Hunk] = ()
    change: Change | None = None

    def of(self, fate: Fate) -> list[Item]:
        """Return the items that met a fate."""
        return [i for i in self.items if i.fate is fate]


class BookImport:
    """Imports: nothing is written that was not shown, and nothing of the book is overwritten."""

    def __init__(
        self, ports: Ports, book: CustomerBook, editing: BookEditing, data: Path | None
    ) -> None:
        self._p = ports
        self._book = book
        self._editing = editing
        self.profiles = Profiles(data)

    # --- reading -------------------------------------------------------------------------------

    def read(self, path: Path, said: Mapping[str, str], profile: str | None = None) -> Table:
        """Read a CSV table or a folder of entries; raises BookError."""
        if path.is_dir():
            return Table(header=(), mapping={}, rows=read_folder(path))
        return self.table(read_bytes(path), path.name, said, profile)

    def table(
        self, raw: bytes, name: str, said: Mapping[str, str], profile: str | None = None
    ) -> Table:
        """Read a CSV table; a profile's mapping counts where nothing else is said."""
        kept = self.profiles.get(profile) if profile else {}
        return read_table(raw, name, said, kept)

    def files(
        self,
        files: Sequence[tuple[str, bytes]],
        said: Mapping[str, str],
        profile: str | None = None,
    ) -> Table:
        """Read uploaded files, name and bytes: one table or Markdown entries, zipped or not."""
        unpacked = unzipped(files)
        entries = [f for f in unpacked if f[0].lower().endswith(MARKDOWN)]
        if len(unpacked) == 1 and not entries:
            [(name, raw)] = unpacked
            return self.table(raw, name, said, profile)
        if not entries or len(entries) < len(unpacked):
            raise EditRefused(
                "Give one CSV table, or Markdown files (.md) of one entry each, or a zip of them."
            )
        return self.entries(entries)

    def entries(self, files: Sequence[tuple[str, bytes]]) -> Table:
        """Read Markdown files of one entry each, given by name and bytes."""
        return Table(header=(), mapping={}, rows=read_entries(files))

    # --- comparing and writing -----------------------------------------------------------------

    def look(self, table: Table, choices: Choices) -> Report:
        """Return what an import would change; nothing is written."""
        self._book.refresh()
        text = decode(read_bytes(self._book.path), self._book.path)
        return self._report(Document.of(text), table, choices)

    def apply(
        self, table: Table, choices: Choices, actor: Actor, expected: str | None = None
    ) -> Report:
        """Write an import as one change, which `book undo` takes back whole."""
        self._book.refresh()
        made: list[Report] = []

        def make(document: Document) -> Sequence[Hunk]:
            made.append(self._report(document, table, choices))
            return made[-1].hunks

        what = What(action="book.imported", subject="book", detail={"rows": len(table.rows)})
        change = self._editing.make(what, make, actor, expected)
        report = made[-1]
        report.change = change
        if change.status is ChangeStatus.DONE:
            with self._p.store.begin() as tx:
                tx.changes.remember(self._origins(tx.entries.known(), report))
        return report

    def origins(self, customer_id: CustomerId) -> Sequence[Origin]:
        """Return where a customer's values were imported from."""
        with self._p.store.read() as tx:
            return tx.changes.origins(customer_id)

    def _origins(self, known: Sequence[Mark], report: Report) -> Iterator[Origin]:
        new = {fold(m.name): m.id for m in known if m.name in report.created}
        kept = (Fate.FILLED, Fate.ADDED, Fate.OVERWRITTEN)
        found: dict[tuple[CustomerId, str], Origin] = {}
        for item in report.items:
            customer_id = report.matched.get(item.source) or new.get(fold(item.customer))
            if item.fate in kept and customer_id is not None:
                found[customer_id, item.field[:64]] = Origin(
                    customer_id=customer_id,
                    field=item.field[:64],
                    value=item.file,
                    source=item.source,
                    at=self._p.clock.now(),
                )
        yield from found.values()

    def _report(self, document: Document, table: Table, choices: Choices) -> Report:
        with self._p.store.read() as tx:
            known = tx.entries.known()
        report = Report(mapping=table.mapping, unmapped=table.unmapped)
        customers = _Customers(known, choices)
        matched: dict[CustomerId, tuple[Mark, list[Incoming]]] = {}
        new: dict[str, list[Incoming]] = {}
        for row in table.rows:
            match customers.meant(row):
                case Mark() as mark:
                    report.matched[row.source] = mark.id
                    matched.setdefault(mark.id, (mark, []))[1].append(row)
                case Near(candidates=()) as nobody if row.name:
                    report.unmatched.append(nobody)
                case Near() as near:
                    report.near.append(near)
                case None:
                    new.setdefault(fold(row.name), []).append(row)
        splices = list(_changed(document, matched.values(), choices, report))
        splices += _added(document, list(new.values()), known, report)
        report.hunks = hunks_of(document, splices)
        return report


class _Customers:
    """The customers of the book, by what an incoming row may call them."""

    def __init__(self, known: Sequence[Mark], choices: Choices) -> None:
        self._choices = choices
        self._named: dict[str, list[Mark]] = defaultdict(list)
        for mark in known:
            if mark.kind is RecordKind.CUSTOMER:
                self._named[fold(mark.name)].append(mark)
        self._decided = dict(self._decisions())

    def _decisions(self) -> Iterator[tuple[str, Mark | None]]:
        """Yield what a person decided, by folded name; None is a customer of its own."""
        by_id = {m.id: m for marks in self._named.values() for m in marks}
        for name, wanted in self._choices.matches.items():
            if wanted is not None and wanted not in by_id:
                raise NotFound(f"There is no customer {wanted} for {name!r} to be.")
            yield fold(name), by_id[wanted] if wanted is not None else None

    def meant(self, row: Incoming) -> Mark | Near | None:
        """Return the customer a row is about, or what is left to a person; None for a new one."""
        key = fold(row.name)
        if row.name and key in self._decided:
            return self._decided[key]
        exact = self._named.get(key, [])
        if len(exact) == 1:
            return exact[0]
        if exact or not row.name:
            return _near_to(row, exact, twins=True)
        near = [self._named[other][0] for other in _alike(key, self._named.keys())]
        return None if self._choices.create and not near else _near_to(row, near)


def _near_to(row: Incoming, found: Sequence[Mark], *, twins: bool = False) -> Near:
    return Near(
        source=row.source,
        name=row.name or "(no customer named)",
        candidates=tuple(f"{m.name} (line {m.line})" if twins else m.name for m in found),
        ids=tuple(m.id for m in found),
    )


def _alike(key: str, names: Collection[str]) -> Sequence[str]:
    """Return the names a name may be a slip of; they are never taken for it."""
    close = process.extract(key, names, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=_NEAR_SHOWN)
    return [name for name, _, _ in close]


def _changed(
    document: Document,
    matched: Iterable[tuple[Mark, list[Incoming]]],
    choices: Choices,
    report: Report,
) -> Iterator[Splice]:
    for mark, rows in matched:
        first, last = mark.line, mark.line + mark.lines - 1
        entry = Document(document.lines[first - 1 : last])
        for row in rows:
            outcome = taken_over(entry, mark.name, row, theirs=choices.theirs)
            entry = outcome.document
            report.items.extend(outcome.items)
            report.same += outcome.same
        splice = replaced(document, first, last, entry)
        if splice is not None:
            yield splice


def _added(
    document: Document, new: list[list[Incoming]], known: Sequence[Mark], report: Report
) -> Iterator[Splice]:
    entries = []
    for first, *others in new:
        lines, refused = new_entry(first)
        report.items.extend(refused)
        entry = Document(tuple(f"{line}\n" for line in lines))
        for row in others:
            outcome = taken_over(entry, first.name, row)
            entry = outcome.document
            report.items.extend(outcome.items)
        entries.append(tuple(line.rstrip("\n") for line in entry.lines))
        report.created.append(first.name)
        report.items.append(
            Item(
                source=first.source, customer=first.name, field="entry", book="",
                file=first.name, fate=Fate.ADDED,
            )
        )  # fmt: skip
    if entries:
        yield appended_entries(document, _end_of_entries(document, known), entries)


def _end_of_entries(document: Document, known: Sequence[Mark]) -> int:
    """Return the last line of the last entry, or of the heading above where there is none."""
    if known:
        last = known[-1].line + known[-1].lines - 1
        lines = document.lines
        return next(n for n in range(last, 0, -1) if lines[n - 1].strip())
    return next(n for n, line in enumerate(document.lines, 1) if is_venues(line))
