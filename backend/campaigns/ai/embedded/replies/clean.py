"""A reply as it is read: normalised, capped, and without the words it only quotes.

Every character kept remembers where it stood, so that evidence is shown verbatim.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from campaigns.model.reply import Span

# A reply of more characters than this is read up to here, and always goes to a person.
CAP = 20_000

_DROPPED = frozenset({"Cf", "Cc", "Co", "Cs", "Cn"})
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)
# Characters that join the one before although Unicode calls them starters: Hangul vowels and
# finals (typed apart on some phones) and the half-width Japanese voice marks.
_JOINING = (range(0x1160, 0x1200), range(0xFF9E, 0xFFA0))

_ORIGINAL = re.compile(
    r"^\s*[-_]{2,}\s*(original message|forwarded message|reply message|ข้อความต้นฉบับ|"
    r"mensaje original|message d'origine|ursprüngliche nachricht|messaggio originale|"
    r"mensagem original|原始邮件|元のメッセージ|원본 메시지)\b.*$",
    re.IGNORECASE | re.MULTILINE,
)
_HEADERS = re.compile(
    r"^\*?(From|De|Von|Da|จาก)\*?:.+\n(?:\*?(?:Sent|Date|To|Enviado|Envoyé|Gesendet|Inviato|ส่ง|วันที่|ถึง)\*?:.+\n)+",
    re.MULTILINE,
)
_ATTRIBUTION = (
    r"^(?:เมื่อ|(?:On|El|Le|Am|Il|Em)\b)[^\n]{0,200}\d[^\n]{0,200}\n?[^\n]{0,120}"
    r"(?:wrote|เขียนว่า|escribió|a écrit|schrieb[^\n:]{0,80}|ha scritto|escreveu)\s?:[ \t]*$"
)
_WROTE = re.compile(_ATTRIBUTION, re.MULTILINE)
_QUOTED_LINE = re.compile(rf"{_ATTRIBUTION}(?=\s*^[ \t]*>)|^[ \t]*>.*(?:\n|\Z)", re.MULTILINE)
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What is read of a reply.

    `text` is normalised (NFKC, no invisible characters); its character i stands for
    `original[starts[i]:ends[i]]`. `capped` means the reply was longer than is read. `whole`
    is False when quoted words may remain because nothing else was there to read.
    """

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    capped: bool = False
    whole: bool = True

    def span(self, start: int, end: int) -> Span:
        """Return the original's words behind `text[start:end]`; the range is not empty."""
        first, last = self.starts[start], self.ends[end - 1]
        return Span(start=first, end=last, text=self.original[first:last])


def clean(original: str) -> Cleaned:
    """Normalise a reply and cut what it certainly quotes."""
    characters = list(_normalised(original[:CAP]))
    text = "".join(c for c, _, _ in characters)
    ranges, whole = _own_words(text)
    kept = [characters[i] for first, last in ranges for i in range(first, last)]
    return Cleaned(
        original=original,
        text="".join(c for c, _, _ in kept),
        starts=tuple(s for _, s, _ in kept),
        ends=tuple(e for _, _, e in kept),
        capped=len(original) > CAP,
        whole=whole,
    )


def normal_form(text: str) -> str:
    """Return `text` in the form replies are read in."""
    return "".join(c for c, _, _ in _normalised(text))


def _normalised(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (character, start, end): NFKC per cluster, invisible ones left out."""
    position = 0
    while position < len(text):
        end = position + 1
        while end < len(text) and _joins(text[end]):
            end += 1
        cluster = text[position:end]
        for character in _composed(cluster):
            yield character, position, end
        position = end


def _composed(cluster: str) -> str:
    if cluster.isascii():
        return cluster if cluster.isprintable() or cluster == "\n" else _ascii_space(cluster)
    composed = unicodedata.normalize("NFKC", cluster)
    return "".join(c for c in map(_visible, composed) if c)


def _ascii_space(cluster: str) -> str:
    return " " if cluster in "\t\v\f" else ""


def _visible(character: str) -> str:
    if character in "\u2028\u2029":
        return "\n"
    if ord(character) in _VARIATION_SELECTORS:
        return ""
    return "" if unicodedata.category(character) in _DROPPED else character


def _joins(character: str) -> bool:
    if character.isascii():
        return False
    return unicodedata.combining(character) > 0 or any(ord(character) in r for r in _JOINING)


def _own_words(text: str) -> tuple[list[tuple[int, int]], bool]:
    """Return the ranges of `text` the sender wrote, and whether the cut is certain."""
    ranges = _between(_QUOTED_LINE, 0, _end(text), text)
    own = "".join(text[a:b] for a, b in ranges)
    if own.strip():
        return ranges, True
    return [(0, len(text))], False


def _end(text: str) -> int:
    """Where the sender's own words end: at a quoted message or a signature below them."""
    end = len(text)
    for pattern in (_ORIGINAL, _HEADERS, _WROTE, _SIGNATURE):
        found = pattern.search(text)
        if found is None or found.start() >= end or not text[: found.start()].strip():
            continue
        # Words below a quotation marked line by line are the sender's own, not quoted ones.
        marked = pattern is _WROTE and text[found.end() :].lstrip().startswith(">")
        if not marked:
            end = found.start()
    return end


def _between(pattern: re.Pattern[str], start: int, end: int, text: str) -> list[tuple[int, int]]:
    ranges = []
    for found in pattern.finditer(text, start, end):
        ranges.append((start, found.start()))
        start = found.end()
    ranges.append((start, end))
    return [(a, b) for a, b in ranges if a < b]
