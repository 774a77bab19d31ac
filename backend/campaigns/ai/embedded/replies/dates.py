"""The date a reply names: "back on 3 November", "ask me again in January", "ถึง 3 พ.ย. 2568".

Only the future is of interest: a day and month without a year is the next one, a weekday the
next one, a month or a week its first working day. Years from 2400 on are Buddhist. Numbers
are read day first, the way it is written in Thailand and most of the world.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from campaigns.ai.embedded.replies.clean import normal_form
from campaigns.ai.embedded.replies.data import table
from campaigns.ai.embedded.replies.fold import Hit, is_unspaced

_BUDDHIST = 543
_FIRST_BUDDHIST_YEAR = 2400
_WEEKDAYS = 7
_SATURDAY = 5
# Words that stand right before the date that matters when a reply names several.
_UNTIL = re.compile(
    r"(?:until|till|through|back|return\w*|reopen\w*|from|after|again|by|on|in|bis|jusqu|hasta|ab|ถึง|กลับ|หลัง|อีกครั้ง|ใหม่)"
    r"[^\d.!?]{0,24}$"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A date and the words that name it."""

    on: date
    hit: Hit


def find_date(text: str, today: date) -> Named | None:
    """Return the future date a normalised reply names, the one after "until" or "back" first.

    Of several the last named wins. Dates not after `today` are left aside.
    """
    plain = _plain(text)
    named = [n for n in _dates(plain, today) if n.on > today]
    outer = [n for n in named if not any(_inside(n.hit, other.hit) for other in named)]
    marked = [n for n in outer if _UNTIL.search(plain[: n.hit.start])]
    return max(marked or outer, key=lambda n: n.hit.start, default=None)


def _inside(one: Hit, other: Hit) -> bool:
    return one != other and other.start <= one.start and one.end <= other.end


def _plain(text: str) -> str:
    return "".join(
        str(unicodedata.digit(c)) if c.isdigit() else c.lower() if len(c.lower()) == 1 else c
        for c in text
    )


def _dates(plain: str, today: date) -> Iterator[Named]:
    for pattern, read in _rules():
        for found in pattern.finditer(plain):
            with suppress(ValueError, OverflowError):  # 31 February is no date
                yield Named(read(found, today), Hit(found.start(), found.end()))


Reader = Callable[[re.Match[str], date], date]

# Month names that are also other words ("we may", "mai" is Thai for no): alone they are a month
# only after one of these.
_AMBIGUOUS = frozenset({"may", "mai", "mar", "march", "mars"})
_PREPOSITION = r"(?:in|until|till|by|of|mid|early|late|after|through|from|around|en|im|bis)\s+"
_ORDINAL = r"(?:st|nd|rd|th)\b"
_COUNTED_THINGS = r"(?!\s*(?:floor|zone|time|year|month|bar|ticket|property|quarter))"


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Reader], ...]:
    month = _either("name", _months())
    alone = _either("name", _months().keys() - _AMBIGUOUS)
    either_way = rf"(?:{_PREPOSITION}(?P<after>{_names(_AMBIGUOUS)})|{alone})"
    number = _either("number", _words("numbers"), r"\d{1,2}")
    day = r"(?<![\d:.])(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
    year = (
        r"(?:\s*,?\s*(?:พ\.ศ\.|ค\.ศ\.|ปี)?\s*"
        r"(?P<year>\d{4}(?!\d)|'?\d{2}(?!\d|\s*[:.]\d|\s*(?:am|pm|โมง|น\.|zones))))?"
    )
    day_slash_month = (
        r"(?<![\d/.])(?!24/7)(?P<day>\d{1,2})[/.](?P<month>\d{1,2})"
        r"(?:[/.](?P<year>\d{4}|\d{2}))?(?![\d/%:])"
    )
    counted = (
        rf"(?:\bin|อีก|\bafter|\bgive (?:me|us)|เวลา(?:สัก)?|ประมาณ)\s*(?:about\s|สัก\s*)?"
        rf"{number}\s*(?:more\s)?{_either('unit', _words('units'))}"
    )
    lines: tuple[tuple[str, Reader], ...] = (
        (rf"{day}\s*(?:of\s+|de\s+)?{month}{year}", _day_month),
        (
            rf"(?<!\d )(?<!\d(?:st|nd|rd|th) ){month}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d){year}",
            _day_month,
        ),
        (r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)", _numbers),
        (day_slash_month, _numbers),
        (r"(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일号號]", _numbers),
        (rf"{either_way}(?P<year>\s*(?:20|25)\d\d)?", _month),
        (rf"(?<![\d/])(?P<day>\d{{1,2}}){_ORDINAL}{_COUNTED_THINGS}", _day),
        (r"วันที่\s*(?P<day>\d{1,2})(?![\d/.:])", _day),
        (_either("name", _weekdays()), _weekday),
        (counted, _counted),
        (rf"(?:\bafter|หลัง|เลย)\s*(?:the\s)?{_either('feast', _words('after_feast'))}", _feast),
        (r"\b(?:next|coming) (?:week|month|year|quarter)\b", _next),
        (r"(?:สัปดาห์|อาทิตย์|เดือน|ปี)(?:หน้า|ถัดไป)", _next),
        (r"nächste woche|la semaine prochaine|下周|下个月|下個月|来月|来週|다음 달|다음 주", _next),
        (r"\btomorrow\b|พรุ่งนี้|明天|明日", _tomorrow),
        (r"\bend of (?:the |this )?(?:month|year)\b|สิ้นเดือน|สิ้นปี", _end_of),
    )
    return tuple((re.compile(normal_form(pattern)), read) for pattern, read in lines)


def _day_month(found: re.Match[str], today: date) -> date:
    return _next_on(int(found["day"]), _months()[found["name"]], _year(found["year"]), today)


def _numbers(found: re.Match[str], today: date) -> date:
    year = _year(found.groupdict().get("year"))
    return _next_on(int(found["day"]), int(found["month"]), year, today)


def _month(found: re.Match[str], today: date) -> date:
    month = _months()[found["name"] or found["after"]]
    return _working(_next_on(1, month, _year(found["year"]), today))


def _day(found: re.Match[str], today: date) -> date:
    day = int(found["day"])
    month = today.replace(day=1)
    return (month if day > today.day else _months_on(month, 1)).replace(day=day)


def _weekday(found: re.Match[str], today: date) -> date:
    ahead = (_weekdays()[found["name"]] - today.weekday()) % _WEEKDAYS
    return today + timedelta(ahead or _WEEKDAYS)


def _counted(found: re.Match[str], today: date) -> date:
    written = found["number"]
    count = int(written) if written.isdecimal() else _words("numbers")[written]
    days = _words("units")[found["unit"]]
    return today + timedelta(days * count) if days else _months_on(today, count)


def _tomorrow(_: re.Match[str], today: date) -> date:
    return today + timedelta(1)


def _feast(found: re.Match[str], today: date) -> date:
    month, day = divmod(_words("after_feast")[found["feast"]], 100)
    return _next_on(day, month, None, today)


def _next(found: re.Match[str], today: date) -> date:
    words = found.group()
    if "year" in words or "ปี" in words:
        return _working(date(today.year + 1, 1, 1))
    if "quarter" in words:
        return _working(_months_on(today.replace(day=1), 3 - (today.month - 1) % 3))
    if any(w in words for w in ("month", "เดือน", "月", "달")):
        return _working(_months_on(today.replace(day=1), 1))
    return today + timedelta(_WEEKDAYS - today.weekday())


def _end_of(found: re.Match[str], today: date) -> date:
    month = 12 if "year" in found.group() or "ปี" in found.group() else today.month
    return today.replace(month=month, day=monthrange(today.year, month)[1])


def _next_on(day: int, month: int, year: int | None, today: date) -> date:
    if year is not None:
        return date(year, month, day)
    this_year = date(today.year, month, day)
    return this_year if this_year > today else date(today.year + 1, month, day)


def _year(written: str | None) -> int | None:
    if written is None:
        return None
    year = int(written.strip(" '"))
    if year < 100:  # two digits: 68 is Buddhist 2568, 25 is 2025
        year += 2500 if year >= 50 else 2000
    return year - _BUDDHIST if year >= _FIRST_BUDDHIST_YEAR else year


def _months_on(day: date, count: int) -> date:
    months = day.month - 1 + count
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _working(day: date) -> date:
    """Return `day`, or the Monday after when it falls on a weekend."""
    return day + timedelta(max(0, _WEEKDAYS - day.weekday())) if day.weekday() >= _SATURDAY else day


@cache
def _months() -> dict[str, int]:
    return _ordered("months", first=1)


@cache
def _weekdays() -> dict[str, int]:
    return _ordered("weekdays", first=0)


def _ordered(key: str, first: int) -> dict[str, int]:
    return {
        normal_form(name): number
        for names in table("dates")[key].values()
        for number, line in enumerate(names, start=first)
        for name in line.split()
    }


@cache
def _words(key: str) -> dict[str, int]:
    return {normal_form(word): int(value) for word, value in table("dates")[key].items()}


def _either(group: str, words: Iterable[str], *patterns: str) -> str:
    """Return a pattern for any of `words`, longest first, or of `patterns`, as a group."""
    return f"(?P<{group}>{'|'.join((_names(words), *patterns))})"


def _names(words: Iterable[str]) -> str:
    return "|".join(map(_whole, sorted(words, key=len, reverse=True)))


def _whole(word: str) -> str:
    edge = "" if is_unspaced(word[0]) else r"\b"
    return f"{edge}{re.escape(word)}{edge}"
