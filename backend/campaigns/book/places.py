"""Tell city and country from a customer's name."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from campaigns.book.gazetteer import Place, countries, place_phrases
from campaigns.book.phrases import Match, Name, Phrases
from campaigns.book.words import name_words


@dataclass(frozen=True, slots=True)
class PlaceRead:
    """Where a name says the customer is, or the countries it cannot decide between.

    `country` is an ISO 3166 code; `city` None when the name tells only the country.
    """

    country: str | None
    city: str | None
    words: str
    confidence: float
    undecided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known about the customer when its place is read.

    `taken` are the word positions brand words cover; `brand_ends` the positions after them;
    `lodging` whether it is a lodging for certain.
    """

    taken: frozenset[int]
    brand_ends: frozenset[int]
    lodging: bool


@cache
def _stop_phrases() -> Phrases[None]:
    return Phrases((phrase, None) for phrase in name_words("not_place"))


def place_matches(name: Name) -> list[Match[Place]]:
    """Return the place words of a name from left to right, those of stop phrases left out."""
    stopped = {i for m in _stop_phrases().find(name) for i in range(m.start, m.end)}
    return [m for m in place_phrases().find(name) if m.start not in stopped]


def read_place(name: Name, matches: Iterable[Match[Place]], setting: Setting) -> PlaceRead | None:
    """Decide the place of a name; words of two countries decide nothing unless the last is its end.

    None: no place in the name.
    """
    matches = [m for m in matches if m.start not in setting.taken or _is_firm(m)]
    matches = _supported(name, matches, setting)
    if not setting.lodging:
        matches = [m for m in matches if not _adjectival(name, m)]
    if not matches:
        return None
    shared = _one_country(matches)
    if shared is None:
        last = matches[-1]
        if not _at_end(name, last) or len({p.country for p in last.values}) > 1:
            codes = dict.fromkeys(p.country for m in matches for p in m.values)
            return PlaceRead(None, None, "", 0.0, tuple(countries()[c].name for c in codes))
        matches, shared = [last], last.values[0].country
    return _read(matches, shared)


def _supported(name: Name, matches: list[Match[Place]], setting: Setting) -> list[Match[Place]]:
    """Leave out doubtful words that neither a brand before them nor another place supports."""
    firm = {p.country for m in matches for p in m.values if not p.doubtful}
    return [
        m
        for m in matches
        if _is_firm(m) or m.start in setting.brand_ends or any(p.country in firm for p in m.values)
    ]


def _is_firm(match: Match[Place]) -> bool:
    return not all(place.doubtful for place in match.values)


def _adjectival(name: Name, match: Match[Place]) -> bool:
    """Whether nothing of its own stands before the place: "Cafe Colombo", "London Gym"."""
    weak = name_words("filler") | name_words("food")
    return all(word in weak for word in name.words[: match.start])


def _at_end(name: Name, match: Match[Place]) -> bool:
    return all(w in name_words("tail") or w.isdigit() for w in name.words[match.end :])


def _one_country(matches: list[Match[Place]]) -> str | None:
    """Return the only country that every place word can be in.

    The usual reading of a word goes first: "Perth" is in Australia, "Perth UK" is not.
    """
    for usual in (True, False):
        readings = [_countries(match, usual=usual) for match in matches]
        shared = frozenset.intersection(*readings)
        if len(shared) == 1:
            return next(iter(shared))
    return None


def _countries(match: Match[Place], *, usual: bool) -> frozenset[str]:
    firm = frozenset(p.country for p in match.values if not p.doubtful)
    return firm if usual and firm else frozenset(p.country for p in match.values)


def _read(matches: list[Match[Place]], country: str) -> PlaceRead:
    found = [(m, p) for m in matches for p in m.values if p.country == country]
    cities = [(m, p) for m, p in found if p.city]
    match, place = min(cities, key=lambda item: item[1].area is not None, default=found[0])
    doubtful = all(p.doubtful for _, p in found)
    return PlaceRead(country, place.city, match.phrase, 0.85 if doubtful else 0.95)
