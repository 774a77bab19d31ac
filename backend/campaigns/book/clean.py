"""Clean text for showing, and say what was unclean in it."""

import re
from collections.abc import Iterator

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
_ANY = re.compile("|".join(f"(?:{p.pattern})" for p in _FAULTS.values()), re.IGNORECASE)


def cleaned(text: str) -> str:
    r"""Return `text` fit to be shown: entities replaced, invisible characters and double spaces out.

    >>> cleaned("Sun\u00adset  Bar &amp; Grill ")
    'Sunset Bar & Grill'
    """
    if not text.isascii() or "&" in text or not text.isprintable():
        text = unescape(_REMOVED.sub("", text))
    return " ".join(text.split())


def spelling(line: int, text: str) -> Iterator[Diagnostic]:
    """Yield what is unclean in one line of an entry; never called for Special Notes."""
    if not _ANY.search(text):
        return
    for code, pattern in _FAULTS.items():
        if match := pattern.search(text):
            yield diagnostic(code, line, text, number=ord(match[0][0]))
