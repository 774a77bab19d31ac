"""Phrases with alternatives, searched in a folded text.

"remove {me|us} from" is two phrases; an empty alternative makes a part optional; a star lets
a word go on ("рассылк*"). A pattern is never expanded: one with six parts of ten alternatives
costs sixty short comparisons where its first letters match, and nothing elsewhere.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from campaigns.ai.embedded.replies.clean import normal_form
from campaigns.ai.embedded.replies.fold import END, Folded, Hit, Place, fold_word, is_unspaced

_PART = re.compile(r"\{([^{}]*)\}")
_KEY = 4  # letters a pattern is indexed by, fewer when it has fewer


class _Piece(NamedTuple):
    """A folded alternative; `goes_on` lets its last word be longer."""

    text: str
    goes_on: bool


Parts = tuple[tuple[_Piece, ...], ...]


class _Pattern(NamedTuple):
    label: str
    parts: Parts


class _Index:
    """Patterns of one view by their first letters."""

    def __init__(self, *, tight: bool) -> None:
        self.tight = tight
        self.patterns: dict[str, list[_Pattern]] = defaultdict(list)
        self.sizes: tuple[int, ...] = ()

    def add(self, pattern: _Pattern) -> None:
        for key in {first[:_KEY] for first in _firsts(pattern.parts)}:
            self.patterns[key].append(pattern)
        self.sizes = tuple(sorted({len(key) for key in self.patterns}))

    def find(self, view: str, at: Sequence[Place]) -> Iterator[tuple[str, Hit]]:
        for start in self._starts(view):
            for size in self.sizes:
                for pattern in self.patterns.get(view[start : start + size], ()):
                    end = _match(pattern.parts, 0, view, start, self.tight)
                    if end > start:
                        last = end - 1 if view[end - 1] != " " else end - 2
                        yield pattern.label, Hit(at[start].start, at[last].end)

    def _starts(self, view: str) -> Iterator[int]:
        if self.tight:
            yield from range(len(view))
        start = 0 if self.tight else view.find(" ")
        while not self.tight and -1 < start < len(view) - 1:
            yield start + 1
            start = view.find(" ", start + 1)


class Patterns:
    """Many labelled phrases, compiled once."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self._spaced, self._tight = _Index(tight=False), _Index(tight=True)
        for label, lines in phrases.items():
            for line in lines:
                self._add(label, normal_form(line))

    def _add(self, label: str, line: str) -> None:
        tight = any(map(is_unspaced, line))
        parts = tuple(
            tuple(_piece(a, tight=tight) for a in (chunk.split("|") if inside else (chunk,)))
            for inside, chunk in _chunks(line)
        )
        (self._tight if tight else self._spaced).add(_Pattern(label, parts))

    def find(self, folded: Folded) -> Iterator[tuple[str, Hit]]:
        """Yield every label found with its place, in no particular order."""
        yield from self._spaced.find(folded.spaced, folded.spaced_at)
        yield from self._tight.find(folded.tight, folded.tight_at)

    def labels(self, folded: Folded) -> dict[str, list[Hit]]:
        """Return the places of each label found, by place."""
        found: dict[str, list[Hit]] = defaultdict(list)
        for label, hit in self.find(folded):
            found[label].append(hit)
        return {label: sorted(set(hits)) for label, hits in found.items()}


def expand(line: str) -> Iterator[str]:
    """Yield every phrase a line stands for; for short lists only."""
    head, brace, rest = line.partition("{")
    if not brace:
        yield head
        return
    alternatives, _, tail = rest.partition("}")
    for alternative in alternatives.split("|"):
        for following in expand(tail):
            yield head + alternative + following


def _chunks(line: str) -> Iterator[tuple[bool, str]]:
    """Yield (whether it is a list of alternatives, text) for each part of a line."""
    for i, chunk in enumerate(_PART.split(line)):
        if i % 2 or chunk:
            yield bool(i % 2), chunk


def _piece(text: str, *, tight: bool) -> _Piece:
    """Fold a piece of a pattern, keeping the spaces at its ends."""
    goes_on = text.endswith("*")
    words = "".join(c for c in text.rstrip("*") if c not in "'’").replace("-", " ").split()
    folded = [fold_word(w) for w in words]
    if tight:
        return _Piece("".join(folded), goes_on=False)
    if not folded:
        return _Piece(" " if text else "", goes_on=False)
    spaced = " " * text.startswith(" ") + " ".join(folded) + " " * text.endswith(" ")
    return _Piece(spaced, goes_on)


def _firsts(parts: Parts) -> Iterator[str]:
    """Yield the beginnings a pattern can have, long enough to index where it can be."""
    starts = {""}
    for part in parts:
        starts = {
            s if len(s) >= _KEY else _joined(s, a.text).lstrip() for s in starts for a in part
        }
        if all(len(s) >= _KEY for s in starts):
            break
    yield from starts


def _joined(start: str, text: str) -> str:
    return start + (text[1:] if start.endswith(" ") and text.startswith(" ") else text)


def _match(parts: Parts, i: int, view: str, at: int, tight: bool) -> int:
    """Return where the pattern from part `i` on ends when it matches at `at`, else -1."""
    if i == len(parts):
        return at if tight or _ends_word(view, at) else -1
    for text, goes_on in parts[i]:
        # Two parts may both bring the space between them.
        start = at - 1 if text[:1] == " " and view[at - 1] == " " else at
        if not view.startswith(text, start):
            continue
        after = start + len(text)
        if goes_on:
            after = view.index(" ", after)
        end = _match(parts, i + 1, view, after, tight)
        if end >= 0:
            return end
    return -1


def _ends_word(view: str, at: int) -> bool:
    return view[at - 1] == " " or view[at : at + 1] in {" ", END, ""}
