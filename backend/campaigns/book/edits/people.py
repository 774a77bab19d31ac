"""Add a contact to an entry, or change one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from campaigns.book.contacts import read_contacts
from campaigns.book.document import Document
from campaigns.book.edits.layout import CONTACTS, Place, appended, is_empty, sections
from campaigns.book.edits.splice import Splice, applied, hunks_of
from campaigns.book.edits.values import growth, refuse, rewritten, single_line
from campaigns.book.entry import Entry, split_line
from campaigns.book.infer import infer
from campaigns.book.keys import contact_key, contact_names
from campaigns.book.names import person_name
from campaigns.book.values import read_values
from campaigns.book.words import is_blank
from campaigns.model.change import Hunk
from campaigns.model.errors import EditRefused
from campaigns.model.fold import fold
from campaigns.model.ids import CustomerId

ADDRESSES = ("email", "phone", "whatsapp", "line")
BLANK = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A contact as it is to stand in the book.

    `lines` are "email", "phone", "whatsapp", "line", "preferred" and "notes"; what is not given
    stays as it is. `replaces` is the name of the person of that role whose place this one takes:
    their addresses go with them.
    """

    role: str
    name: str | None = None
    lines: Mapping[str, str] = field(default_factory=dict)
    replaces: str | None = None


@dataclass(slots=True)
class _Slot:
    """A contact as written: the line of role and name, and the lines below by their key."""

    number: int
    role: str
    name: str
    last: int
    lines: dict[str, int] = field(default_factory=dict)


def put_contact(document: Document, place: Place, person: Person) -> tuple[Hunk, ...]:
    """Change the contact of this role and name, fill an empty slot of the role, or add a contact.

    Raises EditRefused when an address would not be read back, or when it is not clear whom it is
    about.
    """
    wanted = _checked(person)
    place.entry(document)
    slot = _choose(list(_slots(document, place)), wanted)
    splices = (
        [_added(document, place, wanted)] if slot is None else _changed(document, slot, wanted)
    )
    hunks = hunks_of(document, splices)
    after = replace(place, last=place.last + growth(hunks))
    _read_back(after.entry(applied(document, hunks)), hunks, wanted)
    return hunks


def _checked(person: Person) -> Person:
    unknown = person.lines.keys() - contact_names().keys()
    if unknown:
        names = ", ".join(contact_names())
        raise EditRefused(f"A contact has no '{min(unknown)}'. It has: {names}.")
    role = single_line(person.role)
    if is_blank(role) or set(role) & set("*:#"):
        raise EditRefused("A contact needs a role, such as General Manager, without '*' or ':'.")
    return replace(
        person,
        role=role,
        name=None if person.name is None else single_line(person.name),
        lines={key: single_line(value) for key, value in person.lines.items()},
    )


def _slots(document: Document, place: Place) -> Iterator[_Slot]:
    """Yield the contacts as written, the empty ones of a form not filled in as well."""
    for section in sections(document, place):
        if section.title == CONTACTS:
            found: list[_Slot] = []
            for number in range(section.number + 1, section.filled + 1):
                _take(found, number, document.lines[number - 1].rstrip())
            yield from found


def _take(found: list[_Slot], number: int, line: str) -> None:
    if is_empty(line):
        return
    key, value, bold = split_line(line)
    if bold and not line[0].isspace():
        found.append(_Slot(number, key, value, number))
    elif found:
        found[-1].last = number
        if known := contact_key(key):
            found[-1].lines.setdefault(known, number)


def _choose(slots: list[_Slot], person: Person) -> _Slot | None:
    """Return the slot to change, None where one is to be added."""
    same = [s for s in slots if fold(s.role) == fold(person.role)]
    if person.replaces is not None:
        return _only([s for s in same if _is_called(s, person.replaces)], person, person.replaces)
    if person.name is None:
        return _only(same, person, "")
    named = [s for s in same if _is_called(s, person.name)]
    free = [s for s in same if is_blank(s.name)]
    return next(iter((*named, *free)), None)


def _is_called(slot: _Slot, name: str) -> bool:
    return fold(name) in {fold(slot.name), fold(person_name(slot.name) or slot.name)}


def _only(found: list[_Slot], person: Person, name: str) -> _Slot | None:
    if len(found) == 1 or (not found and not name):
        return found[0] if found else None
    if not found:
        raise EditRefused(f"There is no {person.role} called {name} here.")
    raise EditRefused(f"There are {len(found)} contacts with the role {person.role}: give a name.")


def _changed(document: Document, slot: _Slot, person: Person) -> list[Splice]:
    splices = []
    if person.name is not None and person.name != slot.name:
        splices.append(_line(document, slot.number, person.name))
    wanted = dict(person.lines)
    if person.replaces is not None:
        wanted = {k: BLANK for k in (*ADDRESSES, "preferred") if k in slot.lines} | wanted
    new = []
    for key, name in contact_names().items():
        if key not in wanted:
            continue
        if key in slot.lines:
            splices.append(_line(document, slot.lines[key], wanted[key], private=key == "notes"))
        else:
            new.append(f"  - {name}: {wanted[key]}")
    if new:
        splices.append(Splice(slot.last + 1, 0, tuple(new), "notes" in wanted))
    return splices


def _line(document: Document, number: int, value: str, *, private: bool = False) -> Splice:
    after = rewritten(document.lines[number - 1], value)
    if after is None:
        raise EditRefused(f"Line {number} cannot be changed safely. Edit it by hand.")
    return Splice(number, 1, (after,), private)


def _added(document: Document, place: Place, person: Person) -> Splice:
    lines = [f"- **{person.role}**: {person.name or BLANK}"]
    lines += [
        f"  - {name}: {person.lines[key]}"
        for key, name in contact_names().items()
        if key in person.lines
    ]
    private = "notes" in person.lines
    return appended(document, place, CONTACTS, tuple(lines), spaced=True, private=private)


def _read_back(entry: Entry, hunks: tuple[Hunk, ...], person: Person) -> None:
    """Refuse what is not read as it is meant, and addresses that are none."""
    entry.diagnostics.clear()
    region = infer(entry, read_values(entry, None).business_type).code
    entry.diagnostics.clear()
    contacts = list(read_contacts(entry, CustomerId("new"), region))
    touched = set(_touched(hunks))
    refuse([d for d in entry.diagnostics if d.line in touched], also=_UNUSABLE)
    written = {line.value for slot in entry.slots for line in slot.lines}
    lost = [v for v in person.lines.values() if not is_blank(v) and v not in written]
    roles = {fold(slot.role) for slot in entry.slots}
    if lost or fold(person.role) not in roles:
        raise EditRefused(f"'{(*lost, person.role)[0]}' would not be read back as it is meant.")
    wants = any(not is_blank(person.lines.get(key, "")) for key in ADDRESSES)
    if wants and not contacts:
        raise EditRefused("No address of this contact can be used.")


_UNUSABLE = frozenset({"phone-landline", "phone-without-country"})


def _touched(hunks: tuple[Hunk, ...]) -> Iterator[int]:
    """Yield the lines that are new, by their number after the change."""
    shift = 0
    for hunk in hunks:
        yield from range(hunk.line + shift, hunk.line + shift + len(hunk.after))
        shift += len(hunk.after) - len(hunk.before)
