"""Read one `###` entry into keys, contact slots, issues and notes, without judging values."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from campaigns.book.diagnose import diagnostic
from campaigns.book.keys import contact_key, entry_key
from campaigns.book.words import is_blank
from campaigns.model.fold import fold
from campaigns.model.record import Diagnostic

# Longer lines are cut before they are matched: 50 MB on one line must not stop the reading.
LONGEST_LINE = 4_000

# Never excerpted, checked for spelling or shown without the `notes` scope.
PRIVATE = frozenset({"account_id", "hardware", "notes"})

_ORDINARY = ("- **", "  - ")
_SHORT = 80
_BULLET = re.compile(
    r"(?P<indent>[ \t]*)[-*+][ \t]+"
    r"(?:\*\*(?P<bold>[^*]+?):?\*\*(?P<colon>[ \t]*:)?|(?P<plain>[^:*]{1,60}):)"
    r"[ \t]*(?P<value>.*)"
)
_BARE_KEY = re.compile(r"[ \t]*(?P<plain>[^:*#]{1,60}):[ \t]*(?P<value>.*)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")
_SEPARATOR = re.compile(r"[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$")


@dataclass(slots=True)
class Line:
    """A key and its value as written, and the line (1-based) they stand in."""

    key: str
    value: str
    number: int


@dataclass(slots=True)
class Slot:
    """A contact as written: role, name and the lines below that say anything."""

    role: str
    name: str
    number: int
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """An entry as written. `values` maps a field of `keys.csv` to its line; keys in file order."""

    name: str
    number: int
    last: int
    values: dict[str, Line] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    issues: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    public: list[tuple[int, str]] = field(default_factory=list)  # lines that may be excerpted
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def say(self, code: str, line: int, excerpt: str = "", **words: object) -> None:
        """Add a diagnostic."""
        self.diagnostics.append(diagnostic(code, line, excerpt, **words))

    def value(self, name: str) -> Line | None:
        """Return the line that gives the field `name`, or None."""
        return self.values.get(name)


def read_entry(name: str, first: int, lines: Sequence[str]) -> Entry:
    """Read the lines of an entry; the first one is its heading and stands in line `first`."""
    entry = Entry(name=name, number=first, last=first + len(lines) - 1)
    read: Callable[[Entry, str, int], None] = _read_value
    separated = False
    for number, raw in enumerate(lines, start=first):
        line = raw.rstrip() if len(raw) <= LONGEST_LINE else _cut(entry, raw, number)
        if not line or number == first:
            continue
        if not line.startswith(_ORDINARY) and _SEPARATOR.match(line):
            if separated:
                entry.say("separator-doubled", number)
            separated = True
            continue
        separated = False
        if line[0] == "#":
            read = _section(entry, line, number)
        else:
            read(entry, line, number)
    return entry


def _cut(entry: Entry, raw: str, number: int) -> str:
    entry.say("line-too-long", number, length=len(raw.rstrip("\r\n")))
    return raw[:LONGEST_LINE].rstrip()


def _section(entry: Entry, line: str, number: int) -> Callable[[Entry, str, int], None]:
    title = fold(line.lstrip("#"))
    if title in _SECTIONS:
        return _SECTIONS[title]
    entry.say("section-unknown", number, line, section=line.lstrip("# "))
    return _skip


def _read_value(entry: Entry, line: str, number: int) -> None:
    key, value, bold = _key_and_value(line)
    known = entry_key(key)
    if known is None:
        if key and bold:
            entry.say("key-unknown", number, key, key=key)
        else:
            entry.say("line-unread", number, line)
    elif known in entry.values:
        entry.say("key-repeated", number, key, key=key)
    else:
        entry.values[known] = Line(key, value, number)
    if known not in PRIVATE:
        entry.public.append((number, line.strip()))


def _read_contact(entry: Entry, line: str, number: int) -> None:
    key, value, bold = _key_and_value(line)
    if bold and not line[0].isspace():
        if _DAY.match(key):
            entry.say("issue-in-contacts", number, line)
            entry.issues.append(Line(key, value, number))
        elif entry_key(key):
            entry.say("key-misplaced", number, key, key=key)
            _read_value(entry, line, number)
        else:
            entry.slots.append(Slot(key, value, number))
            entry.public.append((number, line.strip()))
    elif key and (known := contact_key(key)):
        _contact_line(entry, known, Line(key, value, number))
    else:
        entry.say("line-unread", number, line)


def _contact_line(entry: Entry, known: str, line: Line) -> None:
    if not entry.slots:
        entry.say("contact-incomplete", line.number, line.key)
    elif not is_blank(line.value):
        entry.slots[-1].lines.append(line)
        if known not in PRIVATE:
            entry.public.append((line.number, line.value))


def _read_issue(entry: Entry, line: str, number: int) -> None:
    key, value, bold = _key_and_value(line)
    if bold:
        entry.issues.append(Line(key, value, number))
    else:
        entry.issues.append(Line("", line.strip().lstrip("-*+ \t"), number))


def _read_note(entry: Entry, line: str, number: int) -> None:
    entry.notes.append(Line("", line.strip().removeprefix("-").strip(), number))


def _skip(entry: Entry, line: str, number: int) -> None:
    """Leave a line of an unknown section alone."""


def _key_and_value(line: str) -> tuple[str, str, bool]:
    """Return key, value and whether the key is bold; ("", line, False) when there is no key."""
    return _known_line(line) if len(line) <= _SHORT else _split_line(line)


def _split_line(line: str) -> tuple[str, str, bool]:
    match = _BULLET.match(line) or _BARE_KEY.match(line)
    if match is None:
        return "", line, False
    groups = match.groupdict()
    key = groups.get("bold") or groups["plain"]
    return key.strip(), match["value"].strip(), bool(groups.get("bold"))


# A book repeats few lines very often: "  - Email: —", "- **Currency**: —".
_known_line = lru_cache(maxsize=4_096)(_split_line)

_SECTIONS: dict[str, Callable[[Entry, str, int], None]] = {
    "contacts": _read_contact,
    "contact": _read_contact,
    "issue history": _read_issue,
    "issues": _read_issue,
    "special notes": _read_note,
    "notes": _read_note,
}
