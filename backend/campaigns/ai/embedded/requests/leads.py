"""Phrases found where they begin: thousands of them, of which a request meets a few."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

_FIRST_WORD = re.compile(r"[a-z0-9']+")


class Leads:
    """Phrases by their first word; those without one in Latin letters stand together.

    A pattern is made when a request first needs it: all of them would take seconds.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        by_first: dict[str, dict[str, None]] = defaultdict(dict)
        for phrase in phrases:
            if phrase:
                by_first[_first_word(phrase, 0)][phrase] = None
        self._by_first: Mapping[str, tuple[str, ...]] = {f: tuple(p) for f, p in by_first.items()}

    def match(self, text: str, start: int) -> re.Match[str] | None:
        """Return the longest phrase that stands at `start` of a text in small letters."""
        phrases = self._by_first.get(_first_word(text, start))
        return _pattern(phrases).match(text, start) if phrases else None


def _first_word(text: str, start: int) -> str:
    found = _FIRST_WORD.match(text, start)
    return found[0] if found else ""


@cache
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(spelled, sorted(phrases, key=len, reverse=True))))


def spelled(phrase: str) -> str:
    """Return the pattern of one phrase, whatever spaces it is written with; Thai has no word ends."""
    words = r"\s+".join(map(re.escape, phrase.split()))
    return words + (r"(?!\w)" if phrase.isascii() else "")
