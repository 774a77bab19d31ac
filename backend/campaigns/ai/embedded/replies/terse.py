"""Replies of one word or a set phrase: compared whole, politeness aside."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from campaigns.ai.embedded.replies.clean import normal_form
from campaigns.ai.embedded.replies.data import phrases, table
from campaigns.ai.embedded.replies.fold import END, Folded, fold
from campaigns.ai.embedded.replies.patterns import expand


class Sentence(NamedTuple):
    """A sentence of a folded text: its two views and its range in the text."""

    spaced: str
    tight: str
    start: int
    end: int


class Terse:
    """Set phrases by label."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._labels = {
            _key(fold(normal_form(phrase)).tight): label
            for label, lines in lists.items()
            for line in lines
            for phrase in expand(line)
        }

    def says(self, sentence: Sentence) -> str | None:
        """Return the label of the set phrase that `sentence` is, or None."""
        whole = _key(sentence.tight)
        return self._labels.get(whole) or self._labels.get(_key(_bare(sentence)))


@cache
def terse() -> Terse:
    """Return the set phrases of `terse.toml`, by what they mean."""
    lists = {k: phrases(v) for k, v in table("terse").items() if k not in {"particles", "emoji"}}
    return Terse(lists)


def whole_of(folded: Folded) -> Sentence:
    """Return the text as one sentence."""
    places = [p for c, p in zip(folded.tight, folded.tight_at, strict=True) if c != END]
    if not places:
        return Sentence("", "", 0, 0)
    return Sentence(folded.spaced, folded.tight, places[0].start, places[-1].end)


def sentences(folded: Folded) -> Iterator[Sentence]:
    """Yield the sentences of a text, in order."""
    words: list[str] = []
    start = end = -1
    at = 1
    for word in [*folded.spaced.split(), END]:
        if word == END:
            if words:
                yield Sentence(f" {' '.join(words)} ", "".join(words), start, end)
            words, start = [], -1
        else:
            place = folded.spaced_at[at]
            start = place.start if start < 0 else start
            end = place.end
            words.append(word)
        at += len(word) + 1


def _key(tight: str) -> str:
    return "".join(c for c in tight if c != END)


def _bare(sentence: Sentence) -> str:
    """Return the sentence's letters without the polite particles at its ends."""
    spaced, tight = _particles()
    words = _trim_words(sentence.spaced.replace(END, " ").split(), spaced)
    return _trim_letters("".join(words), tight)


def _trim_words(words: list[str], particles: frozenset[str]) -> list[str]:
    first, last = 0, len(words)
    while last - first > 1 and words[last - 1] in particles:
        last -= 1
    while last - first > 1 and words[first] in particles:
        first += 1
    return words[first:last]


def _trim_letters(text: str, particles: tuple[str, ...]) -> str:
    trimmed = True
    while trimmed:
        trimmed = False
        for particle in particles:
            if text.endswith(particle) and len(text) > len(particle):
                text = text[: -len(particle)]
                trimmed = True
    return text


@cache
def _particles() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the particles of spaced scripts, and those of unspaced ones, longest first."""
    every = [fold(normal_form(p)).tight for p in phrases(table("terse")["particles"])]
    unspaced = sorted((p for p in every if not p.isascii()), key=len, reverse=True)
    return frozenset(p for p in every if p.isascii()), tuple(unspaced)
