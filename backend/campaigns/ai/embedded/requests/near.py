"""Words near a misspelt one."""

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST = 4
_LONG = 8  # from this length on two slips are forgiven, below one


class NearWords:
    """Known words, ordered so that only those of like length and first letter are compared."""

    def __init__(self, words: Iterable[str]) -> None:
        self._shelves: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in words:
            if len(word) >= _SHORTEST and not any(c.isdigit() for c in word):
                self._shelves[word[0], len(word)].append(word)

    def near(self, word: str) -> list[tuple[str, int]]:
        """Return (known word, slips) within reach of `word`, fewest slips first.

        A slip is a letter too many, too few, changed, or two swapped; the first letter must be
        right. Words under four letters have no neighbours, words under eight only at one slip.
        """
        if len(word) < _SHORTEST:
            return []
        found: list[tuple[str, int]] = []
        for length in range(max(_SHORTEST, len(word) - 2), len(word) + 3):
            shelf = self._shelves.get((word[0], length))
            if shelf:
                limit = 2 if length >= _LONG and len(word) >= _LONG - 2 else 1
                hits = process.extract(
                    word, shelf, scorer=OSA.distance, score_cutoff=limit, limit=None
                )
                found += [(known, int(slips)) for known, slips, _ in hits]
        return sorted(found, key=lambda hit: (hit[1], hit[0]))
