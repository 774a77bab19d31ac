"""Read dates as people write them; one that can be two days is no date."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from campaigns.book.lists import rows, split
from campaigns.model.fold import fold

# Years from here on are Buddhist: 2568 is 2025.
_BUDDHIST_FROM, _BUDDHIST = 2400, 543
_MIDNIGHT = re.compile(r"[t ]00:00(?::00(?:\.0+)?)?z?$")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$")
_NAMED = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?[-/. ]*(?P<month>[^\W\d][\w.\u0e31-\u0e4e]*)[-/., ]*"
    r"|(?P<month2>[^\W\d][\w.]*)[-. ]*(?P<day2>\d{1,2})(?:st|nd|rd|th)?[-/., ]+)"
    r"(?:พ\.ศ\.|ค\.ศ\.)? *(?P<year>\d{4}|\d{2})$"
)


@dataclass(frozen=True, slots=True)
class DateRead:
    """A date, or why there is none: `problem` is "ambiguous" or "unreadable". `iso`: as it should be."""

    date: date | None
    problem: str | None = None
    iso: bool = False


@cache
def _months() -> dict[str, int]:
    return {fold(word): int(r["month"]) for r in rows("months.csv") for word in split(r["words"])}


@lru_cache(maxsize=1_024)
def read_date(written: str) -> DateRead:
    """Read one date: 2025-10-31, 31/10/2025, 31 Oct 2025, 31 ตุลาคม 2568.

    Day and month that could be swapped (03/04/2025) are ambiguous, not guessed.
    """
    text = _MIDNIGHT.sub("", fold(written))
    if match := _YEAR_FIRST.match(text):
        year, month, day = map(int, match.groups())
        return _made(year, month, day, written)
    if match := _YEAR_LAST.match(text):
        one, two, year = map(int, match.groups())
        if one != two and one <= 12 and two <= 12:
            return DateRead(None, "ambiguous")
        day, month = (one, two) if two <= 12 else (two, one)
        return _made(year, month, day)
    if match := _NAMED.match(text):
        name = match["month"] or match["month2"]
        month = _months().get(name) or _months().get(name.rstrip("."), 0)
        year = int(match["year"])
        return _made(year if year > 99 else 2000 + year, month, int(match["day"] or match["day2"]))
    return DateRead(None, "unreadable")


def _made(year: int, month: int, day: int, written: str = "") -> DateRead:
    buddhist = year >= _BUDDHIST_FROM
    try:
        made = date(year - _BUDDHIST if buddhist else year, month, day)
    except ValueError:
        return DateRead(None, "unreadable")
    if not 1970 <= made.year <= 2199:
        return DateRead(None, "unreadable")
    return DateRead(made, iso=made.isoformat() == written)
