"""Clean text for showing, and say what was unclean in it."""

import re
from collections.abc import Iterator, Sequence

from campaigns.book.diagnose import diagnostic
from campaigns.model.fold import unescape
from campaigns.model.record import Diagnostic

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_CONTROL = "\x00-\x08\x0b-\x1f\x7f"
_REMOVED = re.compile(f"[{_INVISIBLE}{_CONTROL}]")
_FAULTS = {
    "entity": re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z]{2,8});|& ?amp\b", re.IGNORECASE),
    "invisible-character": re.compile(f"[{_INVISIBLE}]"),
    "double-space": re.compile(r"\S {2,}\S"),
    # UTF-8 read as Latin-1: an accented letter became two, Thai became "à¸", a quote "â€™".
    "mojibake": re.compile("(?<=[a-z])Ã|Ã[\x80-\xbf]|Â[\x80-\xbf]|â€|à[¸¹]|ï»¿|\ufffd"),
    "control-character": re.compile(f"[{_CONTROL}]"),
}
# Cheap enough to run over every entry: without any of these none of the faults is there.
_HINT = re.compile(rf"&(?:[#\w]| [aA])|  |[{_INVISIBLE}{_CONTROL}ÃÂâàï\ufffd]")


def cleaned(text: str) -> str:
    r"""Return `text` fit to be shown: entities replaced, invisible characters and double spaces out.

    >>> cleaned("Sun\u00adset  Bar &amp; Grill ")
    'Sunset Bar & Grill'
    """
    if not text.isascii() or "&" in text or not text.isprintable():
        text = unescape(_REMOVED.sub("", text))
    return " ".join(text.split())


def spelling(lines: Sequence[tuple[int, str]]) -> Iterator[Diagnostic]:
    """Yield what is unclean in lines of an entry, given as (number, text); not for Special Notes."""
    if not _HINT.search("".join([text for _, text in lines])):
        return
    for line, text in lines:
        yield from _faults(line, text)


def _faults(line: int, text: str) -> Iterator[Diagnostic]:
    for code, pattern in _FAULTS.items():
        if match := pattern.search(text):
            yield diagnostic(code, line, text, number=ord(match[0][0]))
