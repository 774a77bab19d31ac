"""One part of a message as the guard reads it: folded, with what is accounted for struck out.

Every recogniser takes what it can account for: the stretch is replaced, character for
character, by the mark of its role, so that later ones see what kind of thing stood there but
cannot read it again. What is left at the end nobody could account for.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from campaigns.model.message import Check


class Mark(StrEnum):
    """What stood at a struck-out place, one private character each."""

    CUSTOMER = "\ue000"
    ZONE = "\ue001"
    CONTACT = "\ue002"
    RECORD = "\ue003"  # brand, place, platform, business type, sender
    LINK = "\ue004"
    DATE = "\ue005"
    MONEY = "\ue006"
    COUNT = "\ue007"
    SCALE = "\ue008"
    OFFER = "\ue009"
    FAULT = "\ue00a"  # already reported
    PLAIN = "\ue00b"  # a harmless phrase, or words the house itself calls for


_MARKS = frozenset(Mark)
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u2018\u2019\u02bc\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
    }
)
_EMOJI_GLUE = frozenset("\u200d\ufe0f\ufe0e")
_THAI = re.compile("[\u0e01-\u0e4e]")
_LATIN = re.compile("[A-Za-z]")


@dataclass(slots=True)
class Reading:
    """The working copy. `text` is the folded part, `left` the same with marks in it.

    `origin[i]` is where `text[i]` stands in the part as written. `checks` collects verdicts;
    `offset` is False for parts whose spans mean nothing to the caller (subject, preheader).
    """

    written: str
    offset: bool = True
    text: str = ""
    lower: str = ""
    left: str = ""
    origin: Sequence[int] = ()
    hidden: list[int] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    def __post_init__(self) -> None:
        places, folded = _folded(self.written)
        self.text = self.left = "".join(folded)
        self.lower = _lowered(self.text)
        if len(self.text) == len(self.written) and "" not in folded:
            self.origin = range(len(self.text) + 1)
            return
        self.hidden = [at for at, plain in zip(places, folded, strict=True) if not plain]
        spread = (at for at, plain in zip(places, folded, strict=True) for _ in range(len(plain)))
        self.origin = (*spread, len(self.written))

    def left_lower(self) -> str:
        """Return what is left in small letters, place for place."""
        return _lowered(self.left)

    def languages(self) -> tuple[str, ...]:
        """Return the languages whose letters are left."""
        thai, latin = _THAI.search(self.left), _LATIN.search(self.left)
        return (*(("en",) if latin else ()), *(("th",) if thai else ()))

    def is_struck(self, start: int, end: int) -> bool:
        """Whether all of `start`..`end` is accounted for."""
        return all(c in _MARKS for c in self.left[start:end])

    def places(self, words: str) -> Iterator[tuple[int, int]]:
        """Yield where `words` stand whole and not yet accounted for."""
        words, left, at = fold(words), self.left, -1
        while words and (at := left.find(words, at + 1)) >= 0:
            end = at + len(words)
            if not (_goes_on(left[at], left[:at][::-1]) or _goes_on(left[end - 1], left[end:])):
                yield at, end
                at = end - 1

    def spots(self, words: str) -> frozenset[int]:
        """Return where each character of `words` stands, wherever they stand whole."""
        return frozenset(at for span in self.places(words) for at in range(*span))

    def strike(self, start: int, end: int, mark: Mark) -> None:
        """Account for `start`..`end`."""
        self.left = self.left[:start] + mark * (end - start) + self.left[end:]

    def accept(self, name: str, start: int, end: int, mark: Mark, source: str | None) -> None:
        """Strike a stretch out as a fact that is true, and record the verdict."""
        self.strike(start, end, mark)
        self._record(Check(check=name, ok=True, source=source), start, end)

    def fault(self, name: str, start: int, end: int, expected: str | None = None) -> None:
        """Strike a stretch out as something that may not be said, and record the verdict."""
        self.strike(start, end, Mark.FAULT)
        self._record(Check(check=name, ok=False, expected=expected), start, end)

    def report(self, name: str, start: int, end: int) -> None:
        """Record that a stretch may not be said, leaving it to be read on."""
        self._record(Check(check=name, ok=False), start, end)

    def report_hidden(self) -> None:
        """Record a verdict for every character nobody can see."""
        for at in self.hidden:
            code = f"U+{ord(self.written[at]):04X}"
            self._place(Check(check="hidden", ok=False, found=code), at, at + 1)

    def _record(self, check: Check, start: int, end: int) -> None:
        first, last = self.origin[start], self.origin[end - 1] + 1
        self._place(replace(check, found=self.written[first:last]), first, last)

    def _place(self, check: Check, first: int, last: int) -> None:
        self.checks.append(replace(check, start=first, end=last) if self.offset else check)


def _goes_on(inside: str, outside: str) -> bool:
    """Whether a word or number that ends with `inside` goes on in `outside`, nearest first."""
    if inside.isdigit() and outside[:1] in tuple(".,"):
        return outside[1:2].isdigit()
    return inside.isascii() and inside.isalnum() and outside[:1].isascii() and outside[:1].isalnum()


def _lowered(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def fold(text: str) -> str:
    """Return `text` as the guard compares it: NFKC, plain digits, dashes and quotes."""
    return "".join(_folded(text)[1])


# Two signs that look like, and are meant as, one letter: sara am, and sara ae.
_PAIRS = {"\u0e4d\u0e32": "\u0e33", "\u0e40\u0e40": "\u0e41"}
_UNSEEN = frozenset({"Cf", "Cc", "Co", "Cs", "Cn"})


_CLUSTERED = re.compile(
    "\u0e4d\u0e32|\u0e40\u0e40|\u200b|[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0900-\u0dff\u0f00-\u1fff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f]"
)


def _folded(text: str) -> tuple[Sequence[int], list[str]]:
    """Return where each letter stands and what it folds to; "" for what nobody can see."""
    if not _CLUSTERED.search(text):
        return range(len(text)), [_fold_one(char) for char in text]
    clusters = list(_folded_clusters(text))
    return [at for at, _ in clusters], [plain for _, plain in clusters]


def _folded_clusters(text: str) -> Iterator[tuple[int, str]]:
    """Yield the same where several characters can make up one letter."""
    at, size = 0, len(text)
    while at < size:
        char, following = text[at], text[at + 1 : at + 2]
        if char + following in _PAIRS:
            yield at, _PAIRS[char + following]
            at += 2
        elif char == "\u200b" and _THAI.match(text[at - 1 : at]) and _THAI.match(following):
            at += 1  # Thai keyboards put it between words
        else:
            end = at + 1
            while end < size and _joins(text[end]):
                end += 1
            yield at, _fold_one(text[at:end])
            at = end


def _joins(char: str) -> bool:
    return not char.isascii() and not _THAI.match(char) and unicodedata.combining(char) > 0


@lru_cache(maxsize=4096)
def _fold_one(cluster: str) -> str:
    char = cluster[0]
    if cluster.isascii():
        return _FOLDED_ASCII.get(char, char)
    if _THAI.match(char):
        return char
    if unicodedata.category(char) in _UNSEEN:
        return " " if char in _EMOJI_GLUE else ""
    if char in "\u2028\u2029":
        return "\n"
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return unicodedata.normalize("NFKC", cluster).translate(_PLAIN)


_FOLDED_ASCII = {chr(c): "" for c in (*range(32), 127)} | {
    "\n": "\n",
    "\t": " ",
    "\r": " ",
    "`": "'",
}
