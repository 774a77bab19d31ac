"""Say what is wrong in Special Notes without ever repeating a word of them."""

import re
from collections.abc import Iterator
from functools import cache

from campaigns.book.diagnose import diagnostic
from campaigns.book.entry import Line
from campaigns.book.words import word_list
from campaigns.model.fold import fold, words
from campaigns.model.record import Diagnostic

_DAY_FIRST = re.compile(r"(?<!\d)\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})(?!\d)")
_LONE_MARK = re.compile(r"[\[\](){}]")
# A word that holds both letters and digits, or a long run of digits: a secret or a device id.
_SECRET = re.compile(
    r"(?=[^\s:]*\d)(?=[^\s:]*[a-z])[^\s:]{6,}|\d{6,}|(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}"
)


@cache
def _credential() -> re.Pattern[str]:
    words = "|".join(re.escape(w) for w in sorted(word_list("credential"), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


def marks_double(text: str) -> bool:
    """Whether somebody asks, in a name or a note, to check the entry for a double."""
    said = " ".join(words(text))
    return any(phrase in said for phrase in _marks())


@cache
def _marks() -> tuple[str, ...]:
    return tuple(" ".join(words(phrase)) for phrase in word_list("marked_double"))


def about_note(note: Line) -> Iterator[Diagnostic]:
    """Yield the diagnostics of one note; their excerpt is always empty."""
    text = fold(note.value)
    if marks_double(note.value):
        yield diagnostic("marked-double", note.number)
    if _LONE_MARK.fullmatch(text.strip()):
        yield diagnostic("note-stray-mark", note.number)
    if _DAY_FIRST.search(text):
        yield diagnostic("note-date-not-iso", note.number)
    if _credential().search(text) or _SECRET.fullmatch(text.strip()):
        yield diagnostic("credential-in-notes", note.number)
