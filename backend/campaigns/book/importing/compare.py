"""What an incoming customer would change in its entry, and what contradicts the book."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from campaigns.book.dates import read_date
from campaigns.book.document import Document
from campaigns.book.edits.layout import Place
from campaigns.book.edits.people import Person, put_contact
from campaigns.book.edits.splice import Splice, applied
from campaigns.book.edits.values import set_values
from campaigns.book.entry import Entry, Slot
from campaigns.book.importing.sources import NO_ROLE, Incoming, is_same
from campaigns.book.keys import contact_key, ordered_keys
from campaigns.book.words import is_blank
from campaigns.model.errors import EditRefused
from campaigns.model.fold import fold

_ADDRESSES = ("email", "phone", "whatsapp", "line")


class Fate(StrEnum):
    """What becomes of an incoming value."""

    FILLED = "filled"  # the book had none
    ADDED = "added"  # a contact, or a whole entry
    CONFLICT = "conflict"  # the book says something else, and that stays
    OVERWRITTEN = "overwritten"  # the book said something else; a person chose the file's
    REFUSED = "refused"  # it would not be read back
    LEFT_OUT = "left_out"  # the import takes no such lines over into an entry that exists


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One incoming value: what the book has, what the file has, and what becomes of it."""

    source: str
    customer: str
    field: str
    book: str
    file: str
    fate: Fate
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An entry's lines with everything taken over, and every item that is not the same already."""

    document: Document
    items: tuple[Item, ...]
    same: int


def taken_over(
    document: Document, name: str, incoming: Incoming, *, theirs: bool = False
) -> Outcome:
    """Take an incoming customer over into its entry, whose lines alone are `document`.

    Blanks are filled and people added. What contradicts stays as the book has it, unless
    `theirs`.
    """
    same = 0
    items = []
    for field, value in incoming.values.items():
        entry = _whole(document, name).entry(document)
        line = entry.value(field)
        has = "" if line is None or is_blank(line.value) else line.value
        if has and _says_same(has, value):
            same += 1
            continue
        item = _item(incoming, name, _key(field), has, value, theirs=theirs)
        if item.fate is not Fate.CONFLICT:
            document, item = _tried(document, name, item, {field: value})
        items.append(item)
    for person in incoming.people:
        entry = _whole(document, name).entry(document)
        known = _known(entry, person)
        if known is None:
            document, found = _joined(document, name, incoming, person, theirs=theirs)
            items.extend(found)
        else:
            same += 1
    items.extend(_left_out(incoming, name))
    return Outcome(document=document, items=tuple(items), same=same)


def _whole(document: Document, name: str) -> Place:
    return Place(name=name, first=1, last=len(document.lines))


def _key(field: str) -> str:
    return dict(ordered_keys())[field]


def _says_same(one: str, other: str) -> bool:
    if is_same(one, other):
        return True
    day = read_date(one).date
    return day is not None and day == read_date(other).date


def _item(incoming: Incoming, name: str, field: str, has: str, value: str, *, theirs: bool) -> Item:
    fate = Fate.FILLED if not has else Fate.OVERWRITTEN if theirs else Fate.CONFLICT
    return Item(source=incoming.source, customer=name, field=field, book=has, file=value, fate=fate)


def _tried(
    document: Document, name: str, item: Item, values: dict[str, str]
) -> tuple[Document, Item]:
    try:
        hunks = set_values(document, _whole(document, name), values)
    except EditRefused as refused:
        return document, replace(item, fate=Fate.REFUSED, why=str(refused))
    return applied(document, hunks), item


# --- people ------------------------------------------------------------------------------------


def _lines(slot: Slot) -> dict[str, str]:
    return {key: line.value for line in slot.lines if (key := contact_key(line.key)) is not None}


def _known(entry: Entry, person: Person) -> Slot | None:
    """Return the contact that says all of a person already."""
    for slot in entry.slots:
        lines = _lines(slot)
        has_all = all(is_same(lines.get(key, ""), value) for key, value in person.lines.items())
        if has_all and (person.name is None or is_same(slot.name, person.name)):
            return slot
    return None


def _joined(
    document: Document, name: str, incoming: Incoming, person: Person, *, theirs: bool
) -> tuple[Document, list[Item]]:
    """Add a person, or fill what the book's contact of the same role and name lacks."""
    entry = _whole(document, name).entry(document)
    slot = _same_person(entry, person)
    items = []
    if slot is None:
        shown = ", ".join(filter(None, (person.name, *person.lines.values())))
        item = Item(
            source=incoming.source, customer=name, field=person.role, book="", file=shown,
            fate=Fate.ADDED,
        )  # fmt: skip
        return _put(document, name, person, item)
    has = _lines(slot)
    for key, value in person.lines.items():
        there = "" if is_blank(has.get(key, "")) else has[key]
        if is_same(there, value):
            continue
        field = f"{slot.role}: {key}"
        item = _item(incoming, name, field, there, value, theirs=theirs)
        if item.fate is not Fate.CONFLICT:
            who = None if is_blank(slot.name) else slot.name
            one = Person(role=slot.role, name=who, lines={key: value})
            document, [item] = _put(document, name, one, item)
        items.append(item)
    return document, items


def _same_person(entry: Entry, person: Person) -> Slot | None:
    """Return the slot of the same name, whatever role an export without roles gives."""
    if person.name is None:
        return None
    named = [s for s in entry.slots if is_same(s.name, person.name)]
    of_role = [s for s in named if fold(s.role) == fold(person.role)]
    if of_role:
        return of_role[0]
    return named[0] if person.role == NO_ROLE and len(named) == 1 else None


def _put(document: Document, name: str, person: Person, item: Item) -> tuple[Document, list[Item]]:
    try:
        hunks = put_contact(document, _whole(document, name), person)
    except EditRefused as refused:
        return document, [replace(item, fate=Fate.REFUSED, why=str(refused))]
    return applied(document, hunks), [item]


def _left_out(incoming: Incoming, name: str) -> Iterator[Item]:
    for what in incoming.left_out:
        yield Item(
            source=incoming.source, customer=name, field=what, book="", file="",
            fate=Fate.LEFT_OUT,
            why="the entry exists; merge by hand what it lacks",
        )  # fmt: skip


# --- the whole book ----------------------------------------------------------------------------


def new_entry(incoming: Incoming) -> tuple[tuple[str, ...], tuple[Item, ...]]:
    """Return the lines of a new entry and what of the incoming values was refused."""
    if incoming.text:
        return incoming.text, ()
    bare = Document((f"### {incoming.name}\n",))
    outcome = taken_over(bare, incoming.name, incoming)
    refused = tuple(i for i in outcome.items if i.fate is Fate.REFUSED)
    return tuple(line.rstrip("\r\n") for line in outcome.document.lines), refused


def replaced(document: Document, first: int, last: int, new: Document) -> Splice | None:
    """Return the splice that puts new lines in the place of an entry's; None when they are same."""
    old = document.lines[first - 1 : last]
    if old == new.lines:
        return None
    most = min(len(old), len(new.lines))
    start = next((n for n in range(most) if old[n] != new.lines[n]), most)
    rest = most - start
    end = next((n for n in range(rest) if old[-1 - n] != new.lines[-1 - n]), rest)
    put = tuple(line.rstrip("\r\n") for line in new.lines[start : len(new.lines) - end])
    return Splice(first + start, len(old) - start - end, put)


def appended_entries(document: Document, after: int, entries: list[tuple[str, ...]]) -> Splice:
    """Return the splice that puts new entries below line `after`, each between separators."""
    lines: list[str] = []
    above = next((line.strip() for line in reversed(document.lines[:after]) if line.strip()), "")
    lines += ["", "---"] if not above.startswith(("---", "#")) or above.startswith("###") else []
    for entry in entries:
        lines += ["", *entry, "", "---"]
    return Splice(after + 1, 0, tuple(lines))
