"""Tell customers from headings, remarks and former names among the entries of the book."""

from dataclasses import dataclass
from functools import cache

from campaigns.book.brands import flags, groups
from campaigns.book.clean import cleaned
from campaigns.book.entry import Entry
from campaigns.book.gazetteer import countries, country_codes
from campaigns.book.infer import region_names
from campaigns.book.words import is_blank, word_list
from campaigns.model.fold import fold, words
from campaigns.model.record import RecordKind

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


def classify(entry: Entry, previous: str | None) -> Kind:
    """Return the kind of an entry; `previous` is the heading of the customer above it.

    The name decides first; a name that could also be a business (a city, a brand) makes a
    heading only when nothing of a business is recorded. The decision is said in a diagnostic.
    """
    for judge in (_nameless, _former, _status, _place, _group):
        found = judge(entry, previous)
        if found is not None:
            return found
    return CUSTOMER


def is_bare(entry: Entry) -> bool:
    """Whether the entry records nothing that only a customer has."""
    return all(is_blank(entry.values[key].value) for key in _BUSINESS if key in entry.values)


def _nameless(entry: Entry, previous: str | None) -> Kind | None:
    if words(entry.name) and not is_blank(entry.name):
        return None
    entry.say("name-missing", entry.number, entry.name)
    return Kind(RecordKind.STATUS_NOTE, "the heading holds no name")


def _former(entry: Entry, previous: str | None) -> Kind | None:
    folded = fold(cleaned(entry.name)).lstrip("([;,:*- ")
    for mark in word_list("former_start"):
        rest = folded.removeprefix(mark)
        if rest != folded and (not rest or not rest[0].isalnum()) and rest.strip(" :;,.-)"):
            entry.say("former-name", entry.number, entry.name, owner=previous or "another customer")
            return Kind(RecordKind.FORMER_NAME, f'the heading begins with "{mark}"', previous)
    return None


def _status(entry: Entry, previous: str | None) -> Kind | None:
    named = words(entry.name)
    core, other = word_list("status_core"), word_list("status_other")
    if not any(word in core for word in named):
        return None
    if not all(word in core or word in other or word.isdigit() for word in named):
        return None
    entry.say("status-note", entry.number, entry.name)
    return Kind(RecordKind.STATUS_NOTE, "the heading is made of status words only")


def _place(entry: Entry, previous: str | None) -> Kind | None:
    folded = fold(cleaned(entry.name)).strip("()[]:-* ")
    code = country_codes().get(folded)
    place = countries()[code].name if code else region_names().get(folded)
    if place is None:
        return None
    if not is_bare(entry) and code is None:
        return None
    entry.say("place-heading", entry.number, entry.name, place=place)
    return Kind(RecordKind.PLACE_HEADING, f"the heading is only a place: {place}")


def _group(entry: Entry, previous: str | None) -> Kind | None:
    folded = fold(cleaned(entry.name)).strip("()[]:-* ")
    group = _group_words().get(folded)
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
