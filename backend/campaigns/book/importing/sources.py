"""Tables and folders as incoming customers."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from campaigns.book.edits.people import Person
from campaigns.book.entry import Entry, read_entry
from campaigns.book.importing.columns import SKIP, chosen
from campaigns.book.keys import contact_key, contact_names
from campaigns.book.parts import even, parts
from campaigns.book.source import read_bytes
from campaigns.book.words import is_blank
from campaigns.model.errors import EditRefused
from campaigns.model.fold import fold

NO_ROLE = "Contact"
MARKDOWN = ".md"
_SEPARATORS = ",;\t|"
_MOST_ROWS = 200_000
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One customer as another file has it.

    `source` says where ("contacts.csv, row 3"). `values` are fields of the book. `text` are the
    lines of a whole entry, where the file has one; `left_out` what of it is not taken over into
    an entry that exists already.
    """

    source: str
    name: str
    values: Mapping[str, str]
    people: tuple[Person, ...] = ()
    text: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: its headings, the field of each column that has one, and its rows."""

    header: tuple[str, ...]
    mapping: Mapping[str, str]
    rows: tuple[Incoming, ...]

    @property
    def unmapped(self) -> tuple[str, ...]:
        """The columns that are left out."""
        return tuple(h for h in self.header if h not in self.mapping)

    @property
    def columns(self) -> Mapping[str, str]:
        """What each column is, "-" for one that is left out: all there is to keep of them."""
        return {h: self.mapping.get(h, SKIP) for h in self.header if h}


def read_table(
    raw: bytes, name: str, said: Mapping[str, str], kept: Mapping[str, str] = _NOTHING
) -> Table:
    """Read a CSV table; `said` gives fields of columns, by heading, over what a profile `kept`.

    Raises EditRefused naming file and line when it is no UTF-8 table with headings.
    """
    text = _decoded(raw, name)
    lines = _cells(text, name)
    header = next(lines, [])
    if not any(header):
        raise EditRefused(f"{name}: the first line must hold the columns' headings.")
    alike = [h for h in header if h and header.count(h) > 1]
    if alike:
        raise EditRefused(f"{name}: Two columns are called '{alike[0]}'. Rename one of them.")
    # A column that a profile leaves out need not be there.
    known = {h: f for h, f in kept.items() if h in header or f != SKIP}
    mapping = chosen(header, {**known, **said})
    rows = (
        _incoming(dict(zip(header, line, strict=False)), mapping, f"{name}, row {number}")
        for number, line in enumerate(lines, start=2)
        if any(line)
    )
    return Table(header=tuple(header), mapping=mapping, rows=tuple(rows))


def _cells(text: str, name: str) -> Iterator[list[str]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        for number, line in enumerate(lines):
            if number == _MOST_ROWS:
                raise EditRefused(f"{name} has more than {_MOST_ROWS} rows. Split it.")
            yield [cell.strip() for cell in line]
    except csv.Error as error:
        raise EditRefused(f"{name}, line {lines.line_num}: {error}") from None


def _decoded(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise EditRefused(
            f"{name}, line {line}: bytes that are not UTF-8. Save the table as UTF-8 "
            "(in a spreadsheet: Save As, CSV UTF-8)."
        ) from None


def _separator(text: str) -> str:
    """Return what separates the cells: what the first line has most of."""
    first = text.partition("\n")[0]
    return max(_SEPARATORS, key=lambda s: (first.count(s), -_SEPARATORS.index(s)))


def _incoming(row: Mapping[str, str], mapping: Mapping[str, str], source: str) -> Incoming:
    given = {f: row[h] for h, f in mapping.items() if not is_blank(row.get(h, ""))}
    person = given.get("person") or " ".join(filter(None, map(given.get, ("first", "last"))))
    lines = {key: given[key] for key in contact_names() if key in given}
    people: tuple[Person, ...] = ()
    if person or lines:
        role = given.get("role", NO_ROLE)
        people = (Person(role=role, name=person or None, lines=lines),)
    known = {"name", "person", "first", "last", "role", *contact_names()}
    values = {field: value for field, value in given.items() if field not in known}
    return Incoming(source=source, name=given.get("name", ""), values=values, people=people)


def read_folder(folder: Path) -> tuple[Incoming, ...]:
    """Read a folder of Markdown files of one entry each, by name.

    An entry begins with a `###` or `#` heading. Raises EditRefused naming a file that has none,
    or more than one.
    """
    files = sorted(folder.glob("*.md"))
    if not files:
        raise EditRefused(f"{folder}: there is no Markdown file (*.md) in this folder.")
    return read_entries((file.name, read_bytes(file)) for file in files)


def read_entries(files: Iterable[tuple[str, bytes]]) -> tuple[Incoming, ...]:
    """Read files of one entry each, given by name and bytes; refuses as `read_folder` does."""
    return tuple(_entry_in(name, raw) for name, raw in files)


def _entry_in(file: str, raw: bytes) -> Incoming:
    text = "".join(even([_decoded(raw, file)])).lstrip("\n")
    if text.startswith("# "):
        text = f"##{text}"
    found = [p for p in parts([f"## Venue Information\n{text}"]) if p.heading is not None]
    if len(found) != 1:
        raise EditRefused(f"{file}: {len(found)} entries ('### name') where one must be.")
    part = found[0]
    name = part.heading or ""
    entry = read_entry(name, 1, part.text)
    lines = tuple(part.text.rstrip("\n- \t").split("\n"))
    return Incoming(
        source=file,
        name=name,
        values={f: line.value for f, line in entry.values.items() if not is_blank(line.value)},
        people=tuple(_people(entry)),
        text=lines,
        left_out=_left_out(entry),
    )


def _people(entry: Entry) -> Iterator[Person]:
    for slot in entry.slots:
        lines = {
            key: line.value for line in slot.lines if (key := contact_key(line.key)) is not None
        }
        if lines or not is_blank(slot.name):
            name = None if is_blank(slot.name) else slot.name
            yield Person(role=slot.role, name=name, lines=lines)


def _left_out(entry: Entry) -> tuple[str, ...]:
    said: Sequence[tuple[str, int]] = (
        ("issues", len(entry.issues)),
        ("special notes", len(entry.notes)),
        ("lines that are not known", sum(d.code in _UNKNOWN for d in entry.diagnostics)),
    )
    return tuple(f"{n} {what}" for what, n in said if n)


_UNKNOWN = frozenset({"key-unknown", "section-unknown", "line-unread"})


def is_same(one: str, other: str) -> bool:
    """Whether two spellings are the same words."""
    return fold(one) == fold(other)
