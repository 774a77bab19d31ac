"""Tell customers from headings, remarks and former names among the entries of the book."""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from campaigns.book.brands import flags, groups
from campaigns.book.clean import cleaned
from campaigns.book.entry import Entry
from campaigns.book.gazetteer import countries, country_codes
from campaigns.book.infer import region_names
from campaigns.book.keys import contact_key, entry_key
from campaigns.book.many import Hashed
from campaigns.book.terms import platforms
from campaigns.book.words import is_blank, word_list, yes_or_no
from campaigns.model.fold import fold, words
from campaigns.model.record import RecordKind

# A bare name that begins this many others is their chain's heading.
_CHAIN = 3

# Keys that only a customer has; a heading row of a merge script has none of them.
_BUSINESS = ("zone_names", "platform", "contract_end", "contract_start", "account_id")


@dataclass(frozen=True, slots=True)
class Kind:
    """What an entry is, why, and the heading it belongs to where it is not one of its own."""

    kind: RecordKind
    why: str = ""
    refers_to: str | None = None


_GROUP_ENDS = (
    *("", "group", "hotel", "hotels", "hotel group", "hotels & resorts", "hotels and resorts"),
    *("international", "properties", "chain", "brand"),
)

CUSTOMER = Kind(RecordKind.CUSTOMER)


@dataclass(frozen=True, slots=True)
class Around:
    """What an entry's neighbours tell: the customer above it, and names that begin several others."""

    previous: str | None = None
    chains: frozenset[tuple[str, ...]] = frozenset()


def chains(names: Collection[str]) -> frozenset[tuple[str, ...]]:
    """Return the names, as folded words, that begin at least three other names of the book."""
    whole = Hashed(map(words, names))
    begun = Counter(
        name[:length]
        for name in map(words, names)
        for length in range(1, len(name))
        if name[:length] in whole
    )
    often = {name for name, count in begun.items() if count >= _CHAIN}
    return frozenset(often.intersection(map(words, names))) if often else frozenset()


def classify(entry: Entry, around: Around) -> Kind:
    """Return the kind of an entry among its neighbours.

    What a person said decides first, then the name; a name that could also be a business (a city, a brand) makes a
    heading only when nothing of a business is recorded. The decision is said in a diagnostic.
    """
    for judge in (_nameless, _marked, _former, _status, _place, _group):
        found = judge(entry, around)
        if found is not None:
            return found
    return CUSTOMER


def is_bare(entry: Entry) -> bool:
    """Whether the entry records nothing that only a customer has."""
    return all(is_blank(entry.values[key].value) for key in _BUSINESS if key in entry.values)


def _nameless(entry: Entry, around: Around) -> Kind | None:
    if words(entry.name) and not is_blank(entry.name):
        return None
    entry.say("name-missing", entry.number, entry.name)
    return Kind(RecordKind.STATUS_NOTE, "the heading holds no name")


def _marked(entry: Entry, around: Around) -> Kind | None:
    line = entry.value("is_customer")
    if line is None:
        return None
    said = yes_or_no(line.value)
    if said:
        return CUSTOMER
    if said is False:
        entry.say("not-a-customer", line.number, entry.name)
        return Kind(RecordKind.NOT_A_CUSTOMER, "a person said so in the book")
    if is_blank(line.value):
        return None
    entry.say("is-customer-unreadable", line.number, line.value, value=line.value)
    return None


def _former(entry: Entry, around: Around) -> Kind | None:
    folded = fold(cleaned(entry.name)).lstrip("([;,:*- ")
    if not folded.startswith(_former_marks()):
        return None
    for mark in _former_marks():
        rest = folded.removeprefix(mark)
        if rest != folded and (not rest or not rest[0].isalnum()) and rest.strip(" :;,.-)"):
            owner = around.previous
            entry.say("former-name", entry.number, entry.name, owner=owner or "another customer")
            return Kind(RecordKind.FORMER_NAME, f'the heading begins with "{mark}"', owner)
    return None


@cache
def _former_marks() -> tuple[str, ...]:
    return tuple(word_list("former_start"))


def _status(entry: Entry, around: Around) -> Kind | None:
    folded = fold(cleaned(entry.name))
    why = ""
    if _set_aside().search(folded):
        why = "the heading says not to use the entry"
    elif entry_key(folded) or contact_key(folded):
        why = "the heading is a key of the book"
    elif _says_status(entry):
        why = "the heading is made of status words only"
    if not why:
        return None
    entry.say("status-note", entry.number, entry.name)
    return Kind(RecordKind.STATUS_NOTE, why)


@cache
def _set_aside() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, word_list("set_aside"))))


def _says_status(entry: Entry) -> bool:
    named = words(entry.name)
    if not all(w in _status_words() or w.isdigit() for w in named):
        return False
    if any(w in word_list("status_core") for w in named):
        return True
    offhand = entry.name[:1].islower() or "?" in entry.name or is_bare(entry)
    return offhand and any(w in word_list("status_weak") for w in named)


@cache
def _status_words() -> frozenset[str]:
    """Return every word a remark may hold, names of platforms included ("convert to SYB")."""
    named = frozenset(part for p in platforms() for word in p.words for part in words(word))
    return named.union(*map(word_list, ("status_core", "status_weak", "status_other")))


def _place(entry: Entry, around: Around) -> Kind | None:
    folded = fold(cleaned(entry.name)).strip("()[]:-* ")
    code = country_codes().get(folded)
    place = countries()[code].name if code else region_names().get(folded)
    if place is None:
        return None
    if not is_bare(entry) and code is None:
        return None
    entry.say("place-heading", entry.number, entry.name, place=place)
    return Kind(RecordKind.PLACE_HEADING, f"the heading is only a place: {place}")


def _group(entry: Entry, around: Around) -> Kind | None:
    folded = fold(cleaned(entry.name)).strip("()[]:-* ")
    group = _group_words().get(folded)
    if group is None and words(entry.name) in around.chains:
        group = cleaned(entry.name)
    if group is None or not is_bare(entry):
        return None
    entry.say("group-heading", entry.number, entry.name, group=group)
    return Kind(RecordKind.GROUP_HEADING, f"the heading is only a hotel group or brand: {group}")


@cache
def _group_words() -> dict[str, str]:
    named = {folded: flag.name or flag.group for folded, flag in flags().items()} | groups()
    return {
        f"{folded} {end}".strip(): name for folded, name in named.items() for end in _GROUP_ENDS
    }
