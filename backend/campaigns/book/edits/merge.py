"""Merge one entry into another: nothing it says is lost, and its lines go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from campaigns.book.document import Document
from campaigns.book.edits.layout import (
    CONTACTS,
    ISSUES,
    NOTES,
    Place,
    appended,
    is_empty,
    sections,
)
from campaigns.book.edits.splice import Splice, hunks_of
from campaigns.book.edits.values import set_value
from campaigns.book.entry import PRIVATE, Entry, split_line
from campaigns.book.keys import ordered_keys
from campaigns.book.words import is_blank
from campaigns.model.change import Hunk
from campaigns.model.errors import EditRefused
from campaigns.model.fold import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A value the two entries give differently. `kept` stays, `noted` goes into Special Notes.

    `private` values are for those alone who may read notes.
    """

    field: str
    kept: str
    noted: str
    private: bool = False


NOT_SHOWN = "(private)"


def readable(conflicts: Sequence[Conflict], *, private: bool) -> Sequence[Conflict]:
    """Return contradictions as somebody may read them, who may read what is `private` or not."""
    return [
        c if private or not c.private else replace(c, kept=NOT_SHOWN, noted=NOT_SHOWN)
        for c in conflicts
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What merging changes, and where the two entries contradict each other."""

    hunks: tuple[Hunk, ...]
    conflicts: tuple[Conflict, ...]


def merged(document: Document, into: Place, other: Place) -> Merge:
    """Merge `other` into `into` and take its lines out.

    Blank values are filled from it, zone names and contacts it alone has are added, issues and
    notes are moved. A value that both give differently stays as `into` has it; the other is
    written into the Special Notes, as is the other's name where it differs, and every line that
    fits nowhere else.
    """
    if into.first == other.first:
        raise EditRefused(f"{into.name} cannot be merged into itself.")
    own, its = into.entry(document), other.entry(document)
    fills, conflicts = _values(own, its)
    splices = [set_value(document, own, field, value) for field, value in fills.items()]
    contacts = _contacts(document, own, its, (into, other))
    issues = _section(document, other, ISSUES)
    notes = _section(document, other, NOTES)
    named = _unnamed_sections(document, other)
    done = {line.number for line in its.values.values()}.union(contacts.done, issues, notes, named)
    rest = [n for n in _content(document, other) if n not in done and not _is_form(document, n)]
    if contacts.new:
        splices.append(appended(document, into, CONTACTS, contacts.new, spaced=True, private=True))
    if told := tuple(_text(document, n) for n in issues if not _is_form(document, n)):
        splices += [Splice(n, 1, ()) for n in _says_none(document, into)]
        splices.append(appended(document, into, ISSUES, told))
    remarks = [
        *(_text(document, n) for n in notes if not _is_form(document, n)),
        *_remarks(own, its, conflicts),
        *(f"- Merged: {_text(document, n).strip()}" for n in rest),
    ]
    if remarks:
        splices.append(appended(document, into, NOTES, tuple(remarks), private=True))
    if named:
        end = sections(document, into)[-1].filled + 1
        lines = ("", *(_text(document, n) for n in named))
        splices.append(Splice(end, 0, lines, private=True))
    splices.append(Splice(other.first, other.last - other.first + 1, (), private=True))
    return Merge(hunks=hunks_of(document, splices), conflicts=tuple(conflicts))


def _values(own: Entry, its: Entry) -> tuple[dict[str, str], list[Conflict]]:
    """Return what to set, in the order of the book, and what contradicts."""
    fills: dict[str, str] = {}
    conflicts = []
    for field, name in ordered_keys():
        line, there = its.value(field), own.value(field)
        if line is None or is_blank(line.value):
            continue
        if there is None or is_blank(there.value):
            fills[field] = line.value
        elif field == "zone_names":
            both = _united(there.value, line.value)
            if both != there.value:
                fills[field] = both
        elif fold(there.value) != fold(line.value):
            private = field in PRIVATE
            conflicts.append(
                Conflict(field=name, kept=there.value, noted=line.value, private=private)
            )
    return fills, conflicts


def _united(own: str, its: str) -> str:
    """Return zone names with those added that are not among them."""
    known = {fold(name) for name in own.split(",")}
    new = [name.strip() for name in its.split(",") if fold(name) not in known and name.strip()]
    return ", ".join((own, *new))


@dataclass(frozen=True, slots=True)
class _Contacts:
    """The lines of the contacts that the other entry alone has, and the lines of all it has."""

    new: tuple[str, ...]
    done: frozenset[int]


def _contacts(document: Document, own: Entry, its: Entry, places: tuple[Place, Place]) -> _Contacts:
    into, other = places
    known = {_who(document, lines) for lines in _people(document, own, into)}
    new: list[str] = []
    done: set[int] = set()
    for lines in _people(document, its, other):
        done.update(lines)
        says = any(not _is_form(document, n) for n in lines)
        if says and _who(document, lines) not in known:
            new += [*([""] if new else []), *(_text(document, n) for n in lines)]
    return _Contacts(tuple(new), frozenset(done))


def _people(document: Document, entry: Entry, place: Place) -> Iterator[list[int]]:
    """Yield the lines of each contact that are not empty."""
    stops = [slot.number for slot in entry.slots]
    stops += [line.number for line in (*entry.issues, *entry.values.values())]
    stops += [section.number for section in sections(document, place)]
    for slot in entry.slots:
        end = min((n for n in stops if n > slot.number), default=place.last + 1)
        yield [n for n in range(slot.number, end) if not is_empty(document.lines[n - 1])]


def _who(document: Document, lines: list[int]) -> frozenset[str]:
    """Return what is written of a contact, blank forms aside."""
    said = (n for n in lines[1:] if not _is_form(document, n))
    return frozenset(fold(_text(document, n).strip()) for n in (lines[0], *said))


def _text(document: Document, number: int) -> str:
    return document.lines[number - 1].rstrip("\r\n")


def _section(document: Document, place: Place, title: str) -> list[int]:
    """Return the lines of a section that are not empty."""
    return [
        n
        for section in sections(document, place)
        if section.title == title
        for n in range(section.number + 1, section.filled + 1)
        if not is_empty(document.lines[n - 1])
    ]


def _unnamed_sections(document: Document, place: Place) -> list[int]:
    """Return the lines of the sections the book does not know, their headings included."""
    return [
        n
        for section in sections(document, place)
        if section.title not in _KNOWN
        for n in range(section.number, section.filled + 1)
    ]


_KNOWN = frozenset({"", CONTACTS, ISSUES, NOTES})


def _content(document: Document, place: Place) -> Iterator[int]:
    """Yield the lines of an entry that are neither empty nor headings."""
    for n in range(place.first + 1, place.last + 1):
        line = document.lines[n - 1]
        if not is_empty(line) and not line.startswith("#"):
            yield n


def _is_form(document: Document, number: int) -> bool:
    """Whether a line says nothing: a key without a value, "No recorded issues yet"."""
    line = _text(document, number)
    said = fold(line.strip().lstrip("-*+ \t"))
    return is_blank(split_line(line)[1]) or is_blank(said) or said.startswith("no recorded issues")


def _says_none(document: Document, into: Place) -> Iterator[int]:
    lines = _section(document, into, ISSUES)
    return (n for n in lines if "no recorded issues" in fold(document.lines[n - 1]))


def _remarks(own: Entry, its: Entry, conflicts: list[Conflict]) -> Iterator[str]:
    if fold(own.name) != fold(its.name):
        yield f"- Merged with the entry '{its.name}'"
    for c in conflicts:
        yield f"- Merged: {c.field} was also '{c.noted}'"
