"""Find customers that may be one: names that differ by a slip of the keyboard only."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import combinations

from rapidfuzz.distance import OSA

from campaigns.book.brands import listed_brands
from campaigns.book.gazetteer import countries, listed_places
from campaigns.book.words import name_words
from campaigns.model.fold import fold, words
from campaigns.model.record import Glance

Pair = tuple[Glance, Glance, str]
Key = tuple[str, ...]

# A group of names alike in all words but one that is larger than this is a pattern of naming
# ("Kiosk Ada", "Kiosk Ben", ...), not twins; it also keeps the search linear in the book's size.
_LARGEST_GROUP = 40
_SHORTEST_WORD = 4  # "Bar" and "Bat" are two words, not a slip
_LONG_WORD = 9  # from here on two letters may differ


def suspected(customers: Sequence[Glance]) -> list[Pair]:
    """Return pairs of customers, in file order, whose names differ by one slip, and the reason.

    Names that differ by a known word ("North" and "South", two cities) or a number never do.
    """
    named = [(c, words(c.name)) for c in customers]
    squeezed = _alike(named, "".join, "the names differ in spaces only")
    turned = _alike(
        named, lambda w: "\0".join(sorted(w)), "the names have the same words in another order"
    )
    pairs: dict[tuple[int, int], Pair] = {}
    for one, other, why in (*squeezed, *turned, *_slips(named)):
        first, second = sorted((one, other), key=lambda c: c.line)
        pairs.setdefault((first.line, second.line), (first, second, why))
    return [pairs[key] for key in sorted(pairs)]


def _alike(named: list[tuple[Glance, Key]], key: Callable[[Key], str], why: str) -> Iterator[Pair]:
    """Yield pairs of different names that have the same key."""
    groups: dict[str, list[tuple[Glance, Key]]] = defaultdict(list)
    for record, name in named:
        groups[key(name)].append((record, name))
    for group in groups.values():
        if 1 < len(group) <= _LARGEST_GROUP:
            for (one, a), (other, b) in combinations(group, 2):
                if a != b:
                    yield one, other, why


def _slips(named: list[tuple[Glance, Key]]) -> Iterator[Pair]:
    """Yield pairs of names that are the same but for one word, and that word nearly so."""
    groups: dict[tuple[Key, Key], list[tuple[Glance, str]]] = defaultdict(list)
    for record, name in named:
        for at, word in enumerate(name):
            if len(word) >= _SHORTEST_WORD and not any(c.isdigit() for c in word):
                groups[name[:at], name[at + 1 :]].append((record, word))
    for group in groups.values():
        # Two words the lists know differ on purpose, so one of a pair must be unknown.
        unknown = [item for item in group if item[1] not in _known()]
        if len(group) > 1 and 0 < len(unknown) <= _LARGEST_GROUP:
            yield from _near(unknown, group)


def _near(unknown: list[tuple[Glance, str]], group: list[tuple[Glance, str]]) -> Iterator[Pair]:
    for one, word in unknown:
        for other, second in group:
            most = 1 if min(len(word), len(second)) < _LONG_WORD else 2
            if word != second and OSA.distance(word, second, score_cutoff=most) <= most:
                yield one, other, f"'{word}' and '{second}' differ by a slip"


@cache
def _known() -> frozenset[str]:
    """Return every word the lists know."""
    listed = [w for row in listed_places() for w in (*row.words, *row.doubtful)]
    listed += [w for row in listed_brands() for w in row.words]
    listed += [country.name for country in countries().values()]
    # Folded first: the searches for places and brands have folded and split the same words.
    known = {w for phrase in listed for w in words(fold(phrase))}
    return frozenset(known | name_words("tail") | name_words("lodging") | name_words("food"))
