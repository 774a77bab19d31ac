"""Two views of a text for finding phrases: words between spaces, and all letters run together.

Languages that put spaces between words are searched in `spaced`, where a phrase matches whole
words only; Thai, Lao, Khmer, Burmese, Chinese, Japanese and Korean are searched in `tight`,
where spaces do not count. In both, case, European accents and apostrophes are gone, letters
drawn out ("stopppp", "มากกกก") are one, and "|" stands where a sentence ends.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

END = "|"

# Marks dropped when folding: those of European languages and the Arabic vowel signs. The
# Vietnamese horn, hook and dot stay: without them different words become one.
_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030c\u0327\u0328") | {
    chr(c) for c in (*range(0x064B, 0x0660), 0x0670, 0x0640)
}
_SAME = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ß": "s", "ı": "i", "ł": "l", "ø": "o"}
)
_APOSTROPHES = "'’‘`´ʼ＇"
_UNSPACED = (
    range(0x0E00, 0x0F00),  # Thai, Lao
    range(0x1000, 0x10A0),  # Burmese
    range(0x1100, 0x1200),  # Hangul letters
    range(0x1780, 0x1800),  # Khmer
    range(0x3040, 0x3100),  # kana
    range(0x3400, 0xA000),  # Han
    range(0xAC00, 0xD7B0),  # Hangul
)
_STOPS = ".!?;。！？।؟…\n"
_SPELLED = 4  # so many single letters in a row are one word spelled out: "s t o p"
_DRAWN_OUT = 3
_THREE_IN_WORDS = "อ"  # ชื่อออก: three in a row are two Thai words, not one drawn out
_THAI_DOTTED = re.compile("\u0e4d([\u0e48-\u0e4b])\u0e32")


class Place(NamedTuple):
    """A range of the text a folded character or word came from, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Folded:
    """The two views; `spaced_at[i]` and `tight_at[i]` tell where character i came from."""

    spaced: str
    spaced_at: tuple[Place, ...]
    tight: str
    tight_at: tuple[Place, ...]

    def without(self, hits: Iterable["Hit"]) -> "Folded":
        """Return the same text with the words of `hits` blanked out."""
        gone = [(h.start, h.end) for h in hits]
        if not gone:
            return self
        return replace(
            self,
            spaced=_blanked(self.spaced, self.spaced_at, gone),
            tight=_blanked(self.tight, self.tight_at, gone),
        )


class Hit(NamedTuple):
    """A phrase found: its range in the text that was folded, end exclusive."""

    start: int
    end: int


def is_unspaced(character: str) -> bool:
    """Whether the character belongs to a script written without spaces between words."""
    code = ord(character)
    return code >= 0x0E00 and any(code in r for r in _UNSPACED)


def fold(text: str) -> Folded:
    """Fold a normalised text."""
    words = list(_spelled_out(list(_words(text))))
    spaced: list[str] = [" "]
    spaced_at = [Place(0, 0)]
    tight: list[str] = []
    tight_at: list[Place] = []
    for word, place in words:
        spaced.append(word + " ")
        spaced_at.extend([place] * len(word) + [Place(place.end, place.end)])
        tight.append(word)
        exact = len(word) == place.end - place.start
        tight_at.extend(
            Place(place.start + i, place.start + i + 1) if exact else place
            for i in range(len(word))
        )
    return Folded("".join(spaced), tuple(spaced_at), "".join(tight), tuple(tight_at))


@lru_cache(maxsize=65_536)
def fold_word(word: str) -> str:
    """Fold one word: lower case, no European accents, drawn-out letters made one."""
    lowered = word.lower()
    if not lowered.isascii():
        marked = unicodedata.normalize("NFD", lowered)
        kept = "".join(c for c in marked if c not in _MARKS)
        lowered = unicodedata.normalize("NFC", kept).translate(_SAME).replace("เเ", "แ")
        lowered = _THAI_DOTTED.sub("\\1\u0e4d\u0e32", lowered)
    return _drawn_in(lowered)


def _drawn_in(word: str) -> str:
    kept: list[str] = []
    run = 0
    for i, character in enumerate(word):
        run = run + 1 if i and character == word[i - 1] else 1
        if run >= _DRAWN_OUT and character.isalpha() and character not in _THREE_IN_WORDS:
            while len(kept) > 1 and kept[-1] == kept[-2] == character:
                kept.pop()
            continue
        kept.append(character)
    return "".join(kept) if len(kept) < len(word) else word


def _words(text: str) -> Iterator[tuple[str, Place]]:
    """Yield folded words and sentence ends; a change of script ends a word."""
    start = 0
    kind = ""
    for i, character in enumerate(text + " "):
        new = _kind(text, i, character)
        if new == kind != "":
            continue
        if new == "'" and kind == "w":
            continue
        if kind in {"w", "u"}:
            yield _folded(text[start:i]), Place(start, i)
        if new == END and kind != END:
            yield END, Place(i, i + 1)
        start, kind = i, new


def _folded(word: str) -> str:
    return fold_word("".join(c for c in word if c not in _APOSTROPHES))


def _kind(text: str, i: int, character: str) -> str:
    """Return w (word), u (unspaced word), ' (apostrophe inside a word), | (end) or nothing."""
    if character.isalnum() or unicodedata.category(character)[0] in "LMN":
        return "u" if is_unspaced(character) else "w"
    following = text[i + 1 : i + 2]
    if character in _APOSTROPHES:
        return "'" if following.isalnum() else ""
    if character == "\n":
        return END if following in {"\n", ""} else ""
    if character == ".":
        return END if not following or following.isspace() else ""
    return END if character in _STOPS else ""


def _spelled_out(words: list[tuple[str, Place]]) -> Iterator[tuple[str, Place]]:
    run: list[tuple[str, Place]] = []
    for word, place in [*words, ("", Place(0, 0))]:
        if len(word) == 1 and word.isascii() and word.isalpha():
            run.append((word, place))
            continue
        if len(run) >= _SPELLED:
            yield "".join(w for w, _ in run), Place(run[0][1].start, run[-1][1].end)
        else:
            yield from run
        run = []
        if word:
            yield word, place


def _blanked(view: str, at: tuple[Place, ...], gone: list[tuple[int, int]]) -> str:
    return "".join(
        "\0" if c != " " and any(a < p.end and p.start < b for a, b in gone) else c
        for c, p in zip(view, at, strict=True)
    )
