"""Much of a book in little memory: texts in one piece, and what comes more than once among many."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import overload

_SLICES = 16  # a sixteenth of the hashes is sorted at a time


class Texts(Sequence[str]):
    """Strings in the order they came, as UTF-8 in one piece: half of what a list of them takes.

    >>> list(Texts(["Heron House", "ร้านลาบ"]))
    ['Heron House', 'ร้านลาบ']
    """

    __slots__ = ("_ends", "_raw")

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._raw = bytearray()
        self._ends = array("Q")
        for text in texts:
            self.append(text)

    def append(self, text: str) -> None:
        """Add a string at the end."""
        self._raw += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._raw))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._ends)

    def __iter__(self) -> Iterator[str]:
        """Yield them in order."""
        start = 0
        for end in self._ends:
            yield self._raw[start:end].decode("utf-8", "surrogatepass")
            start = end

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        """Return one of them, or a list of some."""
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        start = self._ends[at - 1] if at else 0
        return self._raw[start : self._ends[at]].decode("utf-8", "surrogatepass")


def repeated(hashes: Iterable[int]) -> frozenset[int]:
    """Return the hashes that come more than once.

    Hardly any do: looked for first, only few keys need to be held, whatever the book's size.
    """
    held = array("q", hashes)
    found: set[int] = set()
    for part in range(_SLICES):
        ordered = sorted(one for one in held if one % _SLICES == part)
        found.update(one for one, other in pairwise(ordered) if one == other)
    return frozenset(found)
