"""A request cut into tokens: words, Thai words, numbers and marks, each where it stands.

Thai writes no spaces between words, so a run of Thai is cut with a dictionary: the cut that
leaves the fewest letters unexplained, then the fewest words. What no word explains stays
together as one unknown token, never skipped.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto

from campaigns.model.fold import fold

_PIECES = re.compile(
    r"""(?P<thai>[\u0e01-\u0e3a\u0e40-\u0e4e]+(?:\.[\u0e01-\u0e3a\u0e40-\u0e4e]+)*\.?)
      | (?P<number>\d{1,3}(?:,\d{3})+(?!\d)|\d++)(?:(?P<nth>st|nd|rd|th)(?!\w))?
      | (?P<dotted>(?:[A-Za-z]\.){2,})
      | (?P<word>[^\W\d_\u0e00-\u0e7f](?:[^\W_\u0e00-\u0e7f]|[\u0300-\u036f]|['\u2019][^\W\d_])*(?:(?<=s)['\u2019])?)
      | (?P<mark>\n|[^\s])""",
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN = re.compile("[A-Za-z]+(?: +[A-Za-z]+)*")  # words that `tokenise` only folds
_NO_START = frozenset("ะาำๅๆ")  # these vowels and signs never begin a word
_LEADING = frozenset("เแโใไ")  # and these never end one
WHOLE, PART, _UNKNOWN_LETTER = 10, 11, 30  # the price of a word, of a part of a phrase, …
_LONGEST_THAI = 40
_SHORTENED = ("mr", "mrs", "ms", "dr", "k", "prof", "excl", "incl", "dept", "approx", "esp")


class Kind(Enum):
    """What a token is made of."""

    WORD = auto()
    THAI = auto()
    NUMBER = auto()
    MARK = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its span in the request, its words there, and the folded form that matches.

    `glued` is True when it follows the token before without a space, `hyphened` when only a
    hyphen joins the two, `nth` when a number is an ordinal ("4th").
    """

    start: int
    end: int
    text: str
    key: str
    kind: Kind
    glued: bool = False
    hyphened: bool = False
    nth: bool = False

    @property
    def number(self) -> int:
        """The value of a NUMBER token; 0 for any other and for absurdly long ones."""
        return int(self.key) if self.kind is Kind.NUMBER and len(self.key) < 10 else 0


def tokenise(text: str, thai_words: Mapping[str, int] | None) -> list[Token]:
    """Cut `text`, Thai by the dictionary `thai_words` (None: each run of Thai is one word).

    The dictionary gives the price of each word: `WHOLE`, or `PART` for what only a phrase uses.

    Invisible characters part words and are part of no token.
    """
    tokens: list[Token] = []
    for piece in _PIECES.finditer(text):
        kind = piece.lastgroup
        if kind == "thai":
            tokens += _thai_tokens(piece[0], piece.start(), thai_words)
        elif (token := _token(piece)) is not None:
            tokens.append(token)
    return [*_glue(tokens)]


def _token(piece: re.Match[str]) -> Token | None:
    text = piece[0]
    start, end = piece.span()
    if number := piece["number"]:
        key = fold(number.replace(",", ""))
        return Token(start, end, text, key, Kind.NUMBER, nth=piece["nth"] is not None)
    if dotted := piece["dotted"]:
        return Token(start, end, text, fold(dotted.replace(".", "")), Kind.WORD)
    if piece["word"]:
        return Token(start, end, text, word_key(text), Kind.WORD)
    if unicodedata.category(text)[0] in "CM":
        return None if text != "\n" else Token(start, end, text, "\n", Kind.MARK)
    return Token(start, end, text, fold(text) or text, Kind.MARK)


def word_key(text: str) -> str:
    """Return the form of one word that matches: folded, without a possessive ending."""
    key = fold(text).removesuffix("'")
    return key.removesuffix("'s") if len(key) > 3 else key


def _glue(tokens: list[Token]) -> Iterator[Token]:
    """Mark what is glued; a hyphen that joins two words, or a word and a number, is dropped."""
    hyphened = False
    for i, token in enumerate(tokens):
        before = tokens[i - 1] if i else None
        if token.key == "|" or _is_dot_of_abbreviation(tokens[max(i - 1, 0) : i + 2]):
            continue
        if _joins_words(tokens[max(i - 1, 0) : i + 2]):
            hyphened = True
            continue
        glued = before is not None and before.end == token.start
        joined = glued or hyphened
        yield replace(token, glued=glued, hyphened=hyphened) if joined else token
        hyphened = False


def _is_dot_of_abbreviation(around: list[Token]) -> bool:
    """Whether a full stop only shortens the word before it: "Mr. Rao", "excl. Phuket"."""
    if len(around) != 3 or around[1].key != ".":
        return False
    before, dot, after = around
    return before.key in _SHORTENED and before.end == dot.start and after.key != "\n"


def _joins_words(around: list[Token]) -> bool:
    if len(around) != 3 or around[1].key != "-":
        return False
    before, hyphen, after = around
    kinds = {before.kind, after.kind}
    return (
        before.end == hyphen.start
        and hyphen.end == after.start
        and Kind.WORD in kinds
        and kinds <= {Kind.WORD, Kind.NUMBER}
    )


def key_of(text: str) -> tuple[str, ...]:
    """Return the keys of the words of `text`, as a request with the same words would give them."""
    if _PLAIN.fullmatch(text):  # most of a large book's names
        return tuple(text.lower().split())
    return tuple(t.key for t in tokenise(text, None) if t.kind is not Kind.MARK or t.key == "&")


def _thai_tokens(run: str, start: int, words: Mapping[str, int] | None) -> Iterator[Token]:
    spans = [(0, len(run))] if words is None else _cut(run, words)
    for first, last in spans:
        text = run[first:last]
        kind = Kind.MARK if text == "." else Kind.THAI
        yield Token(start + first, start + last, text, fold(text), kind, first > 0)


def _cut(run: str, words: Mapping[str, int]) -> list[tuple[int, int]]:
    """Return the spans of the cheapest cut; neighbouring unknown letters form one span."""
    letters = [fold(letter) for letter in run]
    best: list[tuple[int, int]] = [(0, 0)] + [(1 << 30, 0)] * len(run)  # cost, where it came from
    for i in range(len(run)):
        cost = best[i][0]
        if cost + _UNKNOWN_LETTER < best[i + 1][0]:
            best[i + 1] = (cost + _UNKNOWN_LETTER, i)
        if not _may_begin(run, i):
            continue
        word = ""
        for j in range(i + 1, min(len(run), i + _LONGEST_THAI) + 1):
            word += letters[j - 1]
            price = words.get(word)
            if price is not None and cost + price < best[j][0] and _may_end(run, j):
                best[j] = (cost + price, i)
    return _spans(best)


def _spans(best: list[tuple[int, int]]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    unknown_from: int | None = None  # where the unknown span last added begins
    j = len(best) - 1
    while j:
        i = best[j][1]
        unknown = best[j][0] - best[i][0] == _UNKNOWN_LETTER
        if unknown and unknown_from == j:
            spans[-1] = (i, spans[-1][1])
        else:
            spans.append((i, j))
        unknown_from = i if unknown else None
        j = i
    return spans[::-1]


def _may_begin(run: str, i: int) -> bool:
    return run[i] not in _NO_START and unicodedata.category(run[i]) != "Mn"


def _may_end(run: str, j: int) -> bool:
    if run[j - 1] in _LEADING:
        return False
    return j == len(run) or (run[j] not in "ะาำๅ" and unicodedata.category(run[j]) != "Mn")
