"""Read one `###` entry into keys, contact slots, issues and notes, without judging values."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from campaigns.book.clean import spelling
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
_LONGEST_FORM = 4_000
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


Reader = Callable[[Entry, str, int], None]


def read_entry(name: str, first: int, text: str) -> Entry:
    """Read an entry: its heading stands in line `first`, and its lines end in LF."""
    last = first + text.count("\n") - text.endswith("\n")
    entry = Entry(name=name, number=first, last=last)
    head, *sections = text.split("\n#")
    heading, _, values = head.partition("\n")
    if heading != heading.rstrip():
        entry.say("trailing-space", first)
    _read_lines(entry, values, first + 1, _read_value)
    number = first + 1 + head.count("\n")
    for section in sections:
        if len(section) > _LONGEST_FORM or not _is_blank_form(section):
            _read_section(entry, section, number)
        number += 1 + section.count("\n")
    return entry


def _read_section(entry: Entry, section: str, number: int) -> None:
    """Read a section; `section` lacks the first "#" of its heading, which stands in line `number`."""
    title, _, lines = section.partition("\n")
    known = _SECTIONS.get(fold(title.lstrip("#")))
    if known is None:
        entry.say("section-unknown", number, f"#{title}", section=title.lstrip("# "))
    elif title != title.rstrip():
        entry.say("trailing-space", number)
    _read_lines(entry, lines, number + 1, known or _skip)


@lru_cache(maxsize=256)
def _is_blank_form(section: str) -> bool:
    """Whether a section says nothing: the form that most entries carry, not filled in."""
    form = Entry(name="", number=0, last=0)
    _read_section(form, section, 0)
    filled = any(slot.lines or not is_blank(slot.name) for slot in form.slots)
    return not (
        filled
        or form.values
        or form.issues
        or form.notes
        or form.diagnostics
        or any(spelling(form.public))
    )


def _read_lines(entry: Entry, text: str, first: int, read: Reader) -> None:
    separated = False
    for number, raw in enumerate(text.split("\n"), start=first):
        line = raw.rstrip()
        if len(line) != len(raw):
            entry.say("trailing-space", number)
        if not line:
            continue
        if not line.startswith(_ORDINARY) and _SEPARATOR.match(line):
            if separated:
                entry.say("separator-doubled", number)
            separated = True
            continue
        separated = False
        if len(line) > LONGEST_LINE:
            entry.say("line-too-long", number, length=len(line))
            line = line[:LONGEST_LINE].rstrip()
        read(entry, line, number)


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
        return
    said = line.strip().lstrip("-*+ \t")
    if not is_blank(said) and not fold(said).startswith("no recorded issues"):
        entry.issues.append(Line("", said, number))


def _read_note(entry: Entry, line: str, number: int) -> None:
    note = line.strip().removeprefix("-").strip()
    if not is_blank(note):
        entry.notes.append(Line("", note, number))


def _skip(entry: Entry, line: str, number: int) -> None:
    """Leave a line of an unknown section alone."""


def _key_and_value(line: str) -> tuple[str, str, bool]:
    return _known_line(line) if len(line) <= _SHORT else split_line(line)


def split_line(line: str) -> tuple[str, str, bool]:
    """Return key, value and whether the key is bold; ("", line, False) when there is no key."""
    match = _BULLET.match(line) or _BARE_KEY.match(line)
    if match is None:
        return "", line, False
    groups = match.groupdict()
    key = groups.get("bold") or groups["plain"]
    return key.strip(), match["value"].strip(), bool(groups.get("bold"))


# A book repeats few lines very often: "  - Email: —", "- **Currency**: —".
_known_line = lru_cache(maxsize=1_024)(split_line)

_SECTIONS: dict[str, Reader] = {
    "contacts": _read_contact,
    "contact": _read_contact,
    "issue history": _read_issue,
    "issues": _read_issue,
    "special notes": _read_note,
    "notes": _read_note,
}
