"""A trie over word keys: the longest known phrase that begins at a token."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Trie(Generic[T]):
    """Phrases (tuples of keys), each with the values it stands for."""

    __slots__ = ("next", "values")

    def __init__(self) -> None:
        self.next: dict[str, Trie[T]] = {}
        self.values: dict[T, None] = {}  # in the order they came, each once

    def add(self, keys: Iterable[str], value: T) -> None:
        """Let the phrase `keys` stand for `value` too."""
        node = self
        for key in keys:
            node = node.next.setdefault(key, Trie())
        node.values[value] = None

    def matches(self, keys: Sequence[str], start: int) -> Iterator[tuple[int, Collection[T]]]:
        """Yield (end, values) of every phrase that begins at `start`, shortest first."""
        node = self
        for end in range(start, len(keys)):
            found = node.next.get(keys[end])
            if found is None:
                return
            node = found
            if node.values:
                yield end + 1, node.values
