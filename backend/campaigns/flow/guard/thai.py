"""Thai without spaces: a run of letters split into the fewest unknown characters."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache

from campaigns.flow.guard import lexicon

RUN = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]+")
_HANGS = re.compile("[\u0e30-\u0e3a\u0e47-\u0e4e]")


class Kind(Enum):
    """What a piece of a run is, from what is best to what is worst to have."""

    NAME = 0  # one of the names asked for
    WORD = 1
    PLACE = 2
    UNKNOWN = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a run, `start`..`end` within it."""

    start: int
    end: int
    kind: Kind


def split(run: str, names: frozenset[str] = frozenset()) -> Iterator[Piece]:
    """Yield the pieces of a run, left to right; unknown characters in one piece.

    The split leaves the fewest characters without a word; among equals the longest words win.
    A place counts as unknown when there is a choice, so that words are preferred to it.
    """
    steps = _steps(run, names)
    at = 0
    while at < len(run):
        size, kind = steps[at]
        start = at
        at += size
        while kind is Kind.UNKNOWN and at < len(run) and steps[at][1] is Kind.UNKNOWN:
            at += 1
        yield Piece(start, at, kind)


def _steps(run: str, names: frozenset[str]) -> list[tuple[int, Kind]]:
    """Return, for each place, the piece that begins there in the best split of what follows."""
    words, places = lexicon.words("words.th"), lexicon.words("places.th")
    sizes, own = _sizes(), sorted({len(name) for name in names}, reverse=True)
    cost = [0] * (len(run) + 1)
    steps = [(1, Kind.UNKNOWN)] * len(run)
    for at in range(len(run) - 1, -1, -1):
        cost[at] = cost[at + 1] + 1
        for size in (*own, *sizes.get(run[at], ())):
            word = run[at : at + size]
            if word in names:
                kind, extra = Kind.NAME, 0
            elif word in words:
                kind, extra = Kind.WORD, 0
            elif word in places:
                kind, extra = Kind.PLACE, size
            else:
                continue
            # A word cut off by the run's end is shorter than asked for; none ends before a vowel
            # or tone that stands on its last letter ("หย" in "หยุด").
            ends = len(word) == size and not _HANGS.match(run, at + size)
            if ends and cost[at + size] + extra < cost[at]:
                cost[at], steps[at] = cost[at + size] + extra, (size, kind)
    return steps


@cache
def _sizes() -> Mapping[str, tuple[int, ...]]:
    """Return how long the words that begin with a character are, longest first."""
    sizes: dict[str, set[int]] = {}
    for word in lexicon.words("words.th") | lexicon.words("places.th"):
        sizes.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(found, reverse=True)) for first, found in sizes.items()}
