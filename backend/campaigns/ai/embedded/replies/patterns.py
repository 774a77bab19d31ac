"""Phrases with alternatives, searched in a folded text.

"remove {me|us} from" is two phrases; an empty alternative makes a part optional; a star lets
a word go on ("рассылк*"). A pattern is never expanded: one with six parts of ten alternatives
costs sixty short comparisons where its first letters match, and nothing elsewhere.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from campaigns.ai.embedded.replies.clean import normal_form
from campaigns.ai.embedded.replies.fold import END, Folded, Hit, Place, fold_word, is_unspaced

_PART = re.compile(r"\{([^{}]*)\}")
_KEY = 2  # letters a pattern is indexed by

Parts = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Pattern:
    label: str
    parts: Parts


class Patterns:
    """Many labelled phrases, compiled once."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self._spaced: dict[str, list[_Pattern]] = defaultdict(list)
        self._tight: dict[str, list[_Pattern]] = defaultdict(list)
        for label, lines in phrases.items():
            for line in lines:
                self._add(label, normal_form(line))

    def _add(self, label: str, line: str) -> None:
        tight = any(map(is_unspaced, line))
        parts = tuple(
            tuple(_piece(a, tight=tight) for a in (chunk.split("|") if inside else (chunk,)))
            for inside, chunk in enumerate_parts(line)
        )
        index = self._tight if tight else self._spaced
        for key in {first[:_KEY] for first in _firsts(parts)}:
            index[key].append(_Pattern(label, parts))

    def find(self, folded: Folded) -> Iterator[tuple[str, Hit]]:
        """Yield every label found with its place, in no particular order."""
        yield from _search(self._spaced, folded.spaced, folded.spaced_at, tight=False)
        yield from _search(self._tight, folded.tight, folded.tight_at, tight=True)

    def labels(self, folded: Folded) -> dict[str, list[Hit]]:
        """Return the places of each label found, by place."""
        found: dict[str, list[Hit]] = defaultdict(list)
        for label, hit in self.find(folded):
            found[label].append(hit)
        return {label: sorted(set(hits)) for label, hits in found.items()}


def enumerate_parts(line: str) -> Iterator[tuple[bool, str]]:
    """Yield (whether it is a list of alternatives, text) for each part of a line."""
    for i, chunk in enumerate(_PART.split(line)):
        if i % 2 or chunk:
            yield bool(i % 2), chunk


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


def _piece(text: str, *, tight: bool) -> str:
    """Fold a piece of a pattern, keeping the spaces at its ends and its star."""
    words = "".join(c for c in text if c not in "'’").replace("-", " ").split()
    folded = [fold_word(w) for w in words]
    if tight:
        return "".join(folded)
    if not folded:
        return " " if text else ""
    return " " * text.startswith(" ") + " ".join(folded) + " " * text.endswith(" ")


def _firsts(parts: Parts) -> Iterator[str]:
    """Yield the beginnings a pattern can have, long enough to index where it can be."""
    starts = [""]
    for part in parts:
        starts = [s if len(s) >= _KEY else (s + a).lstrip() for s in starts for a in part]
        if all(len(s) >= _KEY for s in starts):
            break
    yield from starts


def _search(
    index: Mapping[str, Sequence[_Pattern]], view: str, at: Sequence[Place], *, tight: bool
) -> Iterator[tuple[str, Hit]]:
    keys = {len(k) for k in index}
    for start in range(len(view)):
        if not tight and (start == 0 or view[start - 1] != " "):
            continue
        for size in keys:
            for pattern in index.get(view[start : start + size], ()):
                end = _match(pattern.parts, 0, view, start, tight)
                if end > start:
                    last = end - 1 if view[end - 1] != " " else end - 2
                    yield pattern.label, Hit(at[start].start, at[last].end)


def _match(parts: Parts, i: int, view: str, at: int, tight: bool) -> int:
    """Return where the pattern from part `i` on ends when it matches at `at`, else -1."""
    if i == len(parts):
        return at if tight or _ends_word(view, at) else -1
    for alternative in parts[i]:
        text = alternative
        if text.startswith(" ") and view[at - 1] == " ":
            text = text[1:]
        goes_on = text.endswith("*")
        text = text.rstrip("*")
        if not view.startswith(text, at):
            continue
        after = at + len(text)
        if goes_on and not tight:
            after = view.index(" ", after)
        end = _match(parts, i + 1, view, after, tight)
        if end >= 0:
            return end
    return -1


def _ends_word(view: str, at: int) -> bool:
    return view[at - 1] == " " or view[at : at + 1] in {" ", END, ""}
