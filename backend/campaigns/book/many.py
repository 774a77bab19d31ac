"""Much of a book in little memory: texts in one piece, and what comes more than once among many."""

from array import array
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import overload

_SLICES = 16  # a sixteenth of the hashes is sorted at a time
_SLICE_BITS = 60  # the rest of a hash's 64


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


class Hexes(Sequence[str]):
    """Hexadecimal texts of one length in the order they came, in a third of what `Texts` takes.

    Each stands for `size` bytes; a dash stands after every `group` of them.

    >>> list(Hexes(["00ff-12ab", "beef-0000"], size=4, group=2))
    ['00ff-12ab', 'beef-0000']
    """

    __slots__ = ("_group", "_raw", "_size")

    def __init__(self, texts: Iterable[str] = (), *, size: int, group: int) -> None:
        self._raw = bytearray()
        self._size = size
        self._group = group
        for text in texts:
            self.append(text)

    def append(self, text: str) -> None:
        """Add a text at the end; raises ValueError when it is not of this form."""
        raw = bytes.fromhex(text.replace("-", ""))
        if len(raw) != self._size:
            raise ValueError(f"{text!r} does not stand for {self._size} bytes")
        self._raw += raw

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._raw) // self._size

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        """Return one of them, or a list of some."""
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        start = range(len(self))[at] * self._size
        return self._raw[start : start + self._size].hex("-", self._group)


class Hashed:
    """The hashes of many things, to ask whether something is among them.

    Once in some hundred billion questions the answer to a stranger is yes too: where that
    matters, what is found is compared again.

    >>> "heron-house" in Hashed(["heron-house", "lotus-inn"])
    True
    """

    __slots__ = ("_ordered",)

    def __init__(self, things: Iterable[Hashable]) -> None:
        self._ordered = array("q")
        for part in _in_order(map(hash, things)):
            self._ordered.extend(part)

    def __contains__(self, thing: Hashable) -> bool:
        """Whether `thing` was among those given."""
        wanted = hash(thing)
        at = bisect_left(self._ordered, wanted)
        return at < len(self._ordered) and self._ordered[at] == wanted


def repeated(hashes: Iterable[int]) -> frozenset[int]:
    """Return the hashes that come more than once.

    Hardly any do: looked for first, only few keys need to be held, whatever the book's size.
    """
    found: set[int] = set()
    for part in _in_order(hashes):
        found.update(one for one, other in pairwise(part) if one == other)
    return frozenset(found)


def _in_order(hashes: Iterable[int]) -> Iterator[list[int]]:
    """Yield the hashes from the lowest to the highest, in slices: a list of all takes five times more."""
    held = array("q", hashes)
    for part in range(-_SLICES // 2, _SLICES // 2):
        yield sorted(one for one in held if one >> _SLICE_BITS == part)
