"""Find customers that may be one: names that differ by a slip of the keyboard only."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import combinations
from sys import intern

from rapidfuzz.distance import OSA

from campaigns.book.brands import listed_brands
from campaigns.book.gazetteer import countries, listed_places
from campaigns.book.many import Texts, repeated
from campaigns.book.words import name_words
from campaigns.model.fold import fold, words

Pair = tuple[int, int, str]

# The words of a name are one text with this between them: names are many, so each is held as a
# piece of a column, and what stands around a word is no more than another text.
_BETWEEN = "\0"

# A group of names alike in all words but one that is larger than this is a pattern of naming
# ("Kiosk Ada", "Kiosk Ben", ...), not twins; it also keeps the search linear in the book's size.
_LARGEST_GROUP = 40
_SHORTEST_WORD = 4  # "Bar" and "Bat" are two words, not a slip
_LONG_WORD = 9  # from here on two letters may differ


def suspected(names: Iterable[str]) -> list[Pair]:
    """Return pairs of names, by their places in file order, that differ by one slip, and the reason.

    Names that differ by a known word ("North" and "South", two cities) or a number never do.
    """
    named = Texts(_BETWEEN.join(words(name)) for name in names)
    squeezed = _alike(named, _squeezed, "the names differ in spaces only")
    turned = _alike(named, _sorted, "the names have the same words in another order")
    pairs: dict[tuple[int, int], Pair] = {}
    for one, other, why in (*squeezed, *turned, *_slips(named)):
        first, second = sorted((one, other))
        pairs.setdefault((first, second), (first, second, why))
    return [pairs[key] for key in sorted(pairs)]


def _squeezed(name: str) -> str:
    return name.replace(_BETWEEN, "")


def _sorted(name: str) -> str:
    return _BETWEEN.join(sorted(name.split(_BETWEEN)))


def _alike(named: Sequence[str], key: Callable[[str], str], why: str) -> Iterator[Pair]:
    """Yield pairs of different names that have the same key."""
    doubled = repeated(hash(key(name)) for name in named)
    groups: dict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(named if doubled else ()):
        made = key(name)
        if hash(made) in doubled:
            groups[made].append(at)
    for group in groups.values():
        if 1 < len(group) <= _LARGEST_GROUP:
            for one, other in combinations(group, 2):
                if named[one] != named[other]:
                    yield one, other, why


def _slips(named: Sequence[str]) -> Iterator[Pair]:
    """Yield pairs of names that are the same but for one word, and that word nearly so."""
    doubled = repeated(hash(rest) for name in named for rest, _ in _without_one(name))
    groups: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for at, name in enumerate(named if doubled else ()):
        for rest, word in _without_one(name):
            if hash(rest) in doubled:
                groups[rest].append((at, intern(word)))
    for group in groups.values():
        # Two words the lists know differ on purpose, so one of a pair must be unknown.
        unknown = [item for item in group if item[1] not in _known()]
        if len(group) > 1 and 0 < len(unknown) <= _LARGEST_GROUP:
            yield from _near(unknown, group)


def _without_one(name: str) -> Iterator[tuple[str, str]]:
    """Yield what stands around each word that a slip could be in, and the word."""
    start = 0
    for word in name.split(_BETWEEN):
        end = start + len(word)
        if len(word) >= _SHORTEST_WORD and not any(map(str.isdigit, word)):
            yield name[:start] + _BETWEEN + name[end:], word
        start = end + len(_BETWEEN)


def _near(unknown: list[tuple[int, str]], group: list[tuple[int, str]]) -> Iterator[Pair]:
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
