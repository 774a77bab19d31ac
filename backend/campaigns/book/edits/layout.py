"""Where the parts of an entry stand in the file: its values and its sections, line by line."""

import re
from dataclasses import dataclass

from campaigns.book.clean import cleaned
from campaigns.book.document import Document
from campaigns.book.edits.splice import Splice
from campaigns.book.entry import Entry, read_entry
from campaigns.book.parts import even, heading_of
from campaigns.model.errors import BookChanged
from campaigns.model.fold import fold

CONTACTS, ISSUES, NOTES = "Contacts", "Issue History", "Special Notes"
ORDER = (CONTACTS, ISSUES, NOTES)
_TITLES = {
    "contacts": CONTACTS,
    "contact": CONTACTS,
    "issue history": ISSUES,
    "issues": ISSUES,
    "special notes": NOTES,
    "notes": NOTES,
}
_EMPTY = re.compile(r"[ \t]*(?:-{3,}|\*{3,}|_{3,})?[ \t]*[\r\n]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An entry in the file: its name as shown, its first and last line (1-based, inclusive)."""

    name: str
    first: int
    last: int

    def entry(self, document: Document) -> Entry:
        """Read the entry. Raises BookChanged when another one stands there."""
        heading = cleaned(heading_of(document.lines[self.first - 1])[1])
        if self.last > len(document.lines) or heading != self.name:
            raise BookChanged(
                f"Line {self.first} is not the entry of {self.name} any more: this is not the "
                "book this customer was read from. Read it again."
            )
        text = "".join(even(document.lines[self.first - 1 : self.last]))
        return read_entry(self.name, self.first, text)


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its title, the line of its heading, and the last line that says anything.

    The values under the entry's own heading are the section without a title. `end` is the last
    line of the section, blank ones and separators included.
    """

    title: str
    number: int
    filled: int
    end: int


def sections(document: Document, place: Place) -> tuple[Section, ...]:
    """Return the sections of an entry; the first is the one of its values."""
    starts = [place.first]
    lines = document.lines
    starts += [n for n in range(place.first + 1, place.last + 1) if lines[n - 1].startswith("#")]
    ends = [*(n - 1 for n in starts[1:]), place.last]
    found = []
    for start, end in zip(starts, ends, strict=True):
        filled = next(
            n for n in range(end, start - 1, -1) if n == start or not is_empty(lines[n - 1])
        )
        title = "" if start == place.first else _title(lines[start - 1])
        found.append(Section(title, start, filled, end))
    return tuple(found)


def is_empty(line: str) -> bool:
    """Whether a line is blank or a separator."""
    return _EMPTY.fullmatch(line) is not None


def _title(line: str) -> str:
    written = line.strip().lstrip("#").strip()
    return _TITLES.get(fold(written), written)


def appended(
    document: Document,
    place: Place,
    title: str,
    lines: tuple[str, ...],
    *,
    spaced: bool = False,
    private: bool = False,
) -> Splice:
    """Return the splice that adds lines at the end of a section, which is made where there is none.

    `spaced` puts a blank line above them.
    """
    found = sections(document, place)
    there = next((s for s in reversed(found) if s.title == title), None)
    if there is not None:
        gap = ("",) if spaced and there.filled > there.number else ()
        return Splice(there.filled + 1, 0, (*gap, *lines), private)
    before = ORDER[: ORDER.index(title)] if title in ORDER else ORDER
    after = next((s for s in reversed(found) if s.title in ("", *before)), found[0])
    return Splice(after.filled + 1, 0, ("", f"#### {title}", *lines), private)
