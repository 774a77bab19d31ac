"""Bring customers and contacts from other files into the book: shown first, then written at once."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from campaigns.book.importing.sources import Incoming, Table, read_folder, read_table
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

PROFILES = "import-profiles"  # in the data folder
_NEAR = 80  # how alike (0-100) a name must be to be shown to a person
_NEAR_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person decided: whose value counts, and whether unknown customers are added."""

    theirs: bool = False
    create: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """An incoming customer that no entry is called exactly like, and those it may be."""

    source: str
    name: str
    candidates: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Report:
    """What an import changes, and what it leaves to a person.

    `same` counts values the book has already. `unmatched` are customers no entry is like; they
    are added only when somebody says so. `change` is None until it is written.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    unmapped: tuple[str, ...] = ()
    items: list[Item] = field(default_factory=list)
    near: list[Near] = field(default_factory=list)
    unmatched: list[Near] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
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
        self._profiles = data / PROFILES if data else None

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
        kept = self.profile(profile) if profile else {}
        return read_table(raw, name, {**kept, **said})

    def profile(self, name: str) -> Mapping[str, str]:
        """Return a saved mapping of columns."""
        file = self._profile_file(name)
        if file is None or not file.exists():
            raise NotFound(f"There is no import profile {name!r}. Save one with --save-profile.")
        found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
        return found

    def save_profile(self, name: str, mapping: Mapping[str, str]) -> None:
        """Keep a mapping of columns for the next file of the same kind."""
        file = self._profile_file(name)
        if file is not None:
            file.parent.mkdir(exist_ok=True)
            file.write_text(json.dumps(dict(mapping), ensure_ascii=False, indent=2), "utf-8")

    def _profile_file(self, name: str) -> Path | None:
        if not name.replace("-", "").replace("_", "").isalnum():
            raise EditRefused(f"{name!r} is no name for a profile: use letters, digits, - and _.")
        return self._profiles / f"{name}.json" if self._profiles else None

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
        ids = {fold(m.name): m.id for m in known}
        kept = (Fate.FILLED, Fate.ADDED, Fate.OVERWRITTEN)
        found: dict[tuple[CustomerId, str], Origin] = {}
        for item in report.items:
            customer_id = ids.get(fold(item.customer))
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
        named: dict[str, list[Mark]] = defaultdict(list)
        for mark in known:
            if mark.kind is RecordKind.CUSTOMER:
                named[fold(mark.name)].append(mark)
        matched: dict[CustomerId, tuple[Mark, list[Incoming]]] = {}
        new: dict[str, list[Incoming]] = {}
        for row in table.rows:
            found = named.get(fold(row.name), [])
            if len(found) == 1:
                matched.setdefault(found[0].id, (found[0], []))[1].append(row)
            elif found or not row.name:
                report.near.append(_undecided(row, found))
            elif near := _near(row.name, named):
                report.near.append(Near(source=row.source, name=row.name, candidates=near))
            elif choices.create:
                new.setdefault(fold(row.name), []).append(row)
            else:
                report.unmatched.append(Near(source=row.source, name=row.name, candidates=()))
        splices = list(_changed(document, matched.values(), choices, report))
        splices += _added(document, list(new.values()), known, report)
        report.hunks = hunks_of(document, splices)
        return report


def _undecided(row: Incoming, found: Sequence[Mark]) -> Near:
    candidates = tuple(f"{m.name} (line {m.line})" for m in found)
    return Near(source=row.source, name=row.name or "(no customer named)", candidates=candidates)


def _near(name: str, named: Mapping[str, list[Mark]]) -> tuple[str, ...]:
    """Return the names a name may be a slip of; they are never taken for it."""
    close = process.extract(
        fold(name), named.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=_NEAR_SHOWN
    )
    return tuple(named[key][0].name for key, _, _ in close)


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
