"""Find customers that may be one: names that differ by a slip of the keyboard only."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from rapidfuzz.distance import OSA

from campaigns.book.brands import listed_brands
from campaigns.book.gazetteer import countries, listed_places
from campaigns.book.words import name_words
from campaigns.model.fold import words
from campaigns.model.record import Record

# A group of names that share all words but one grows with a chain's size, not with the book's;
# beyond this many it is a pattern ("Branch 1" to "Branch 400") and no twins.
_LARGEST_GROUP = 60


def suspected(customers: Sequence[Record]) -> Iterator[tuple[Record, Record, str]]:
    """Yield pairs of customers, in file order, whose names differ by one slip, and the reason.

    Names that differ by a known word ("North" and "South", two cities) or a number never do.
    """
    seen: set[tuple[int, int]] = set()
    for group in _groups(customers):
        for at, first in enumerate(group):
            for second in group[at + 1 :]:
                pair = (first.first_line, second.first_line)
                why = _why(first.customer.name, second.customer.name)
                if why and pair not in seen:
                    seen.add(pair)
                    yield first, second, why


def _groups(customers: Sequence[Record]) -> Iterator[list[Record]]:
    by_key: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    for record in customers:
        named = words(record.customer.name)
        by_key["".join(named),].append(record)
        by_key["sorted", *sorted(named)].append(record)
        for at in range(len(named)):
            by_key["but one", *named[:at], "*", *named[at + 1 :]].append(record)
    for group in by_key.values():
        if 1 < len(group) <= _LARGEST_GROUP:
            yield group


def _why(one: str, other: str) -> str | None:
    first, second = words(one), words(other)
    if first == second:
        return None  # the same name: said as name-repeated
    if "".join(first) == "".join(second):
        return "the names differ in spaces only"
    if len(first) != len(second):
        return None
    if sorted(first) == sorted(second):
        return "the names have the same words in another order"
    differing = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    if len(differing) == 1 and _is_slip(*differing[0]):
        return f"'{differing[0][0]}' and '{differing[0][1]}' differ by a letter"
    return None


def _is_slip(one: str, other: str) -> bool:
    if any(c.isdigit() for c in one + other) or (one in _known() and other in _known()):
        return False
    shortest = min(len(one), len(other))
    if shortest < 4:
        return False
    return OSA.distance(one, other) <= (1 if shortest < 9 else 2)


@cache
def _known() -> frozenset[str]:
    """Return every word the lists know: two of them differ on purpose."""
    listed = [w for row in listed_places() for w in (*row.words, *row.doubtful)]
    listed += [w for row in listed_brands() for w in row.words]
    listed += [country.name for country in countries().values()]
    known = {w for phrase in listed for w in words(phrase)}
    return frozenset(known | name_words("tail") | name_words("lodging") | name_words("food"))
