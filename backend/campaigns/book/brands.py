"""Tell the brand group and the flag from a customer's name."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from campaigns.book.lists import rows, split
from campaigns.book.phrases import Match, Name, Phrases
from campaigns.book.words import name_words
from campaigns.model.fold import fold


class Doubt(StrEnum):
    """How far a brand's words are also other words."""

    NONE = ""
    LODGING = "lodging"  # counts unless the customer is certainly no lodging: "Four Seasons"
    START = "start"  # counts only where a lodging's name begins with it: "W", "Element"


_DOUBTS = list(Doubt)


@dataclass(frozen=True, slots=True)
class Flag:
    """A row of `brands.csv`. `name` is None where the words name the group only.

    `doubt`: how far the words are also other words ("" not at all).
    """

    group: str
    name: str | None
    default: bool
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class BrandRead:
    """What a name says about its brand, or the groups it cannot decide between."""

    group: str | None
    flag: str | None
    words: str
    confidence: float
    undecided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BrandRow:
    """A flag with every word for it."""

    flag: Flag
    words: tuple[str, ...]


@cache
def listed_brands() -> tuple[BrandRow, ...]:
    """Return the rows of `brands.csv`."""
    return tuple(
        BrandRow(
            Flag(r["group"], r["flag"] or None, bool(r["default"]), Doubt(r["doubt"])),
            split(r["words"]),
        )
        for r in rows("brands.csv")
    )


@cache
def _phrases() -> Phrases[Flag | None]:
    known: list[tuple[str, Flag | None]] = [
        (word, row.flag) for row in listed_brands() for word in row.words
    ]
    return Phrases([*known, *((phrase, None) for phrase in name_words("not_brand"))])


@cache
def flags() -> dict[str, Flag]:
    """Return the flag for every folded name of a flag."""
    return {fold(r.flag.name): r.flag for r in reversed(listed_brands()) if r.flag.name}


@cache
def groups() -> dict[str, str]:
    """Return the group for every folded name of a group."""
    return {fold(r.flag.group): r.flag.group for r in listed_brands()}


@cache
def group_words(group: str) -> frozenset[str]:
    """Return every single folded word that a group's names are made of."""
    listed = (word for row in listed_brands() if row.flag.group == group for word in row.words)
    return frozenset(part for word in listed for part in fold(word).split())


def brand_matches(name: Name) -> list[Match[Flag | None]]:
    """Return the brand words of a name, the doubtful ones and the stop phrases included."""
    return list(_phrases().find(name))


def read_brand(
    name: Name, matches: list[Match[Flag | None]], places: frozenset[int], *, lodging: bool
) -> BrandRead | None:
    """Decide the brand of a name.

    `places` holds the word positions at which a place begins; `lodging` whether the customer is
    a lodging or may be one. Words of two groups decide nothing. None: no brand in the name.
    """
    found = list(_certain(name, matches, places, lodging=lodging))
    by_group: dict[str, list[tuple[Match[Flag | None], Flag]]] = {}
    for match, flag in found:
        by_group.setdefault(flag.group, []).append((match, flag))
    if not by_group:
        return None
    if len(by_group) > 1:
        return BrandRead(None, None, "", 0.0, tuple(by_group))
    [(group, candidates)] = by_group.items()
    match, flag = next(((m, f) for m, f in candidates if f.name and not f.default), candidates[0])
    return BrandRead(group, flag.name, match.phrase, 0.98 if flag.doubt is Doubt.NONE else 0.9)


def _certain(
    name: Name, matches: list[Match[Flag | None]], places: frozenset[int], *, lodging: bool
) -> Iterator[tuple[Match[Flag | None], Flag]]:
    for found in matches:
        flag = _most_certain(found)
        if flag is None:
            continue
        counts = flag.doubt is Doubt.NONE or (
            lodging and (flag.doubt is Doubt.LODGING or _leads(name, found, places))
        )
        if counts:
            yield found, flag


def _most_certain(match: Match[Flag | None]) -> Flag | None:
    known = [flag for flag in match.values if flag is not None]
    return min(known, key=lambda flag: _DOUBTS.index(flag.doubt), default=None)


def _leads(name: Name, match: Match[Flag | None], places: frozenset[int]) -> bool:
    """Whether a doubtful brand word begins the name and a place or a hotel word follows.

    Words such as "East" or "City Centre" may stand between them.
    """
    before = name.words[: match.start]
    if any(word not in {"the", "hotel", "resort"} for word in before):
        return False
    for at in range(match.end, len(name.words)):
        if at in places or name.words[at] in name_words("lodging"):
            return True
        if name.words[at] not in name_words("tail"):
            return False
    return False
