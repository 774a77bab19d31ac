"""Find phrases of a word list in a name, longest first, as whole words only."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from campaigns.model.fold import fold, words

T = TypeVar("T")

# Scripts written without spaces: a listed word may stand inside a run of letters.
_UNSPACED = re.compile("[\u0e00-\u0e7f\u0e80-\u0eff\u1780-\u17ff\u3040-\u30ff\u4e00-\u9fff]")
# Thai signs that belong to the letter before them: a word cannot end in front of one.
_THAI_SIGN = re.compile("[\u0e30-\u0e3a\u0e45-\u0e4e]")


_POSSESSIVE = re.compile(r"'s\b")


def _owned(text: str) -> tuple[str, ...]:
    """Return the words of `text`, a possessive "s" left out: "Shangri-La's" is "shangri la"."""
    folded = fold(text)
    return words(_POSSESSIVE.sub("", folded) if "'" in folded else folded)


@dataclass(frozen=True, slots=True)
class Name:
    """A name prepared for matching: its folded words and its folded text."""

    words: tuple[str, ...]
    folded: str

    @classmethod
    def of(cls, text: str) -> "Name":
        """Fold `text`."""
        return cls(_owned(text), fold(text))


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """A phrase found at words `start` up to `end` of a name, and everything the lists say it is."""

    start: int
    end: int
    phrase: str
    values: tuple[T, ...]


class Phrases(Generic[T]):
    """A word list to search names with; one phrase may stand for several values."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        spaced: dict[tuple[str, ...], dict[T, None]] = {}
        unspaced: dict[str, dict[T, None]] = {}
        for phrase, value in entries:
            if _UNSPACED.search(phrase):
                unspaced.setdefault(fold(phrase), {})[value] = None
            elif key := _owned(phrase):
                spaced.setdefault(key, {})[value] = None
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[T, ...]]]] = {}
        for key in sorted(spaced, key=len, reverse=True):
            self._by_first.setdefault(key[0], []).append((key, tuple(spaced[key])))
        self._unspaced = [
            (key, tuple(unspaced[key])) for key in sorted(unspaced, key=len, reverse=True)
        ]

    def find(self, name: Name) -> Iterator[Match[T]]:
        """Yield the phrases of `name` from left to right, none inside another."""
        at = len(name.words) if self._by_first.keys().isdisjoint(name.words) else 0
        while at < len(name.words):
            found = self._at(name.words, at)
            if found is None:
                at += 1
                continue
            yield found
            at = found.end
        if not name.folded.isascii():
            yield from self._inside(name)

    def _at(self, named: tuple[str, ...], at: int) -> Match[T] | None:
        for key, values in self._by_first.get(named[at], ()):
            if named[at : at + len(key)] == key:
                return Match(at, at + len(key), " ".join(key), values)
        return None

    def _inside(self, name: Name) -> Iterator[Match[T]]:
        text = name.folded
        for key, values in self._unspaced:
            at = text.find(key)
            if at < 0 or _THAI_SIGN.match(text, at + len(key)):
                continue
            text = text.replace(key, " " * len(key))
            word = next((i for i, w in enumerate(name.words) if key.split()[0] in w), 0)
            yield Match(word, word + 1, key, values)
