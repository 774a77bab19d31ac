"""Dates in any way people write them, each bound to what the record says about that day."""

import re
from dataclasses import dataclass
from datetime import date

from campaigns.flow.guard.case import Case
from campaigns.flow.guard.reading import Mark
from campaigns.model.notation import BUDDHIST_YEARS_AHEAD, MONTHS, MONTHS_SHORT

_EN = {m.lower(): n for n, m in enumerate(MONTHS["en"], 1)}
_EN |= {m.lower(): n for n, m in enumerate(MONTHS_SHORT["en"], 1)} | {"sept": 9}
_TH = {m: n for n, m in enumerate(MONTHS["th"], 1)}
_TH |= {m: n for n, m in enumerate(MONTHS_SHORT["th"], 1)}
# "31 ตค 68": without its dots a short month is read only between a day and a year.
_TH_BARE = {m.replace(".", ""): n for m, n in _TH.items() if "." in m}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS_TH = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")

_MONTH = rf"(?P<month>{'|'.join(sorted(_EN, key=len, reverse=True))})\b\.?"
_MONTH_TH = (
    rf"(?:เดือน)?(?P<month>{'|'.join(re.escape(m) for m in sorted(_TH, key=len, reverse=True))})"
)
_DAY = r"(?P<day>\d{1,2})(?!\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4}|'\d{2})(?!\d)"
_ON = rf"(?:\b(?P<weekday>{'|'.join(_WEEKDAYS)}|mon|tue|wed|thu|fri|sat|sun)\b,?\s+(?:the\s+)?)?"
_NAMED_AFTER = rf"(?:,?\s*\(?\b(?P<weekday_after>{'|'.join(_WEEKDAYS)})\b\)?)?"
_ON_TH = rf"(?:วัน(?P<weekday>{'|'.join(_WEEKDAYS_TH)})ที่\s*|วันที่\s*)?"
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_ON}(?<!\d){_DAY}(?:\s+|-)(?:of\s+)?{_MONTH}(?:(?:,?\s+|-){_YEAR})?{_NAMED_AFTER}",
        rf"{_ON}\b{_MONTH}\s+(?:the\s+)?{_DAY}(?:,?\s+{_YEAR})?{_NAMED_AFTER}",
        rf"{_ON_TH}(?<!\d){_DAY}\s*{_MONTH_TH}(?:\s*(?P<era>พ\.ศ\.|ค\.ศ\.)?(?:ปี)?\s*(?P<year>\d{{4}}|\d{{2}})(?!\d))?",
        rf"{_ON_TH}(?<!\d){_DAY}\s*(?P<month>{'|'.join(_TH_BARE)})\s*(?P<year>\d{{4}}|\d{{2}})(?!\d)",
        rf"{_ON}{_ON_TH.replace('weekday', 'weekday_th')}(?<![\d.,/-])(?P<first>\d{{1,4}})(?P<sep>[/.-])(?P<second>\d{{1,2}})(?P=sep)(?P<third>\d{{4}}|\d{{2}})(?![\d/-])",
        # A month without a day; "may" and "march" alone are words, so a word before must say when.
        rf"\b(?:(?:in|by|until|till|before|after|since|during|from|end of|of|next|last|this|to)\s+)(?P<only>{_MONTH}(?:,?\s+{_YEAR})?)",
        rf"\b(?P<only>(?P<month>(?!may\b|march\b|mar\b|dec\b|jan\b|sep\b|oct\b|nov\b|jun\b|jul\b|apr\b|aug\b|feb\b)(?:{'|'.join(sorted(_EN, key=len, reverse=True))}))\b(?:,?\s+{_YEAR})?)",
        rf"(?P<only>{_MONTH_TH}(?:\s*(?P<era>พ\.ศ\.|ค\.ศ\.)?(?:ปี)?\s*(?P<year>\d{{4}}))?)",
        rf"\b(?P<only>(?:on\s+)?(?P<weekday>{'|'.join(_WEEKDAYS)})s?)\b",
        rf"(?P<only>วัน(?P<weekday>{'|'.join(_WEEKDAYS_TH)}))(?!์)",
    )
)
_WITH_DIGITS, _IN_WORDS = _FORMS[:5], _FORMS[5:]
_DIGIT = re.compile(r"\d")
# What every month and weekday begins or ends with: a quick look before the long patterns.
_NAMED = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)"
    r"|วัน|คม|ยน|พันธ์|[ก-ฮ]\.",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"(?:\b(?:since|began|begun|start(?:s|ed|ing)?|from)|ตั้งแต่|เริ่ม)[^.;\n\ue000-\ue00a]{0,25}$",
    re.IGNORECASE,
)


_MONTH_FIRST = frozenset({"United States", "USA"})

# (day, month, year), None where the words leave it open.
_Said = tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class _Written:
    """A date as written: every reading it allows, and the weekday it claims (0 is Monday)."""

    start: int
    end: int
    readings: tuple[_Said, ...]
    weekday: int | None


def strike_dates(case: Case) -> None:
    """Judge every date against the day its words are about: the contract's end or start."""
    for hint, forms in ((_DIGIT, _WITH_DIGITS), (_NAMED, _IN_WORDS)):
        if not hint.search(case.reading.left):
            continue
        for form in forms:
            for m in list(form.finditer(case.reading.left)):
                _judge(case, _written(m, case.facts.country))


def _judge(case: Case, written: _Written) -> None:
    begins = _BEGINS.search(case.reading.left[max(written.start - 40, 0) : written.start])
    fact = "contract_start" if begins else "contract_end"
    day: date | None = getattr(case.facts, fact)
    expected = day.isoformat() if day else f"no {fact.replace('_', ' ')} in the record"
    if day is None or not _agrees(written, day):
        case.reading.fault("date", written.start, written.end, expected)
        return
    case.reading.accept(fact, written.start, written.end, Mark.DATE, case.source(fact))
    if any(reading[0] for reading in written.readings):
        case.found.add(fact)


def _agrees(written: _Written, day: date) -> bool:
    if written.weekday is not None and written.weekday != day.weekday():
        return False
    return any(
        all(said is None or said == true for said, true in zip(reading, _parts(day), strict=True))
        and reading[1] is not None
        for reading in written.readings
    )


def _parts(day: date) -> tuple[int, int, int]:
    return day.day, day.month, day.year


def _written(m: re.Match[str], country: str | None) -> _Written:
    groups = m.groupdict()
    start, end = m.span("only") if "only" in groups else m.span()
    named = (groups.get(f"weekday{where}") for where in ("", "_th", "_after"))
    weekday = _weekday(next(filter(None, named), None))
    if "first" in groups:
        readings = _numeric(groups, country)
    else:
        month = groups.get("month")
        number = _EN.get(month.lower(), (_TH | _TH_BARE).get(month)) if month else None
        day = int(groups["day"]) if groups.get("day") else None
        year = groups.get("year")
        years: tuple[int | None, ...] = _years(year, groups.get("era")) if year else (None,)
        readings = tuple((day, number, y) for y in years)
    return _Written(start, end, readings, weekday)


def _numeric(groups: dict[str, str], country: str | None) -> tuple[_Said, ...]:
    """Return the readings of 31/10/2025: day first, month first only where people write it so."""
    first, second, third = (int(groups[g]) for g in ("first", "second", "third"))
    if len(groups["first"]) == 4:
        return tuple((third, second, y) for y in _years(groups["first"]))
    month_first = second > 12 or (country in _MONTH_FIRST and first <= 12)
    day, month = (second, first) if month_first else (first, second)
    return tuple((day, month, y) for y in _years(groups["third"]))


def _years(written: str, era: str | None = None) -> tuple[int, ...]:
    """Return what a year can mean: 2568 is Buddhist, 2025 is not, 68 may be either; `era` rules."""
    year = int(written.strip("'"))
    christian = year + 2000 if year < 100 else year
    buddhist = (year + 2500 if year < 100 else year) - BUDDHIST_YEARS_AHEAD
    if era or year < 100:
        return {"พ.ศ.": (buddhist,), "ค.ศ.": (christian,)}.get(era or "", (christian, buddhist))
    return (buddhist,) if year >= 2400 else (christian,)


def _weekday(name: str | None) -> int | None:
    if not name:
        return None
    if name in _WEEKDAYS_TH:
        return _WEEKDAYS_TH.index(name)
    return next(n for n, full in enumerate(_WEEKDAYS) if full.startswith(name.lower()[:3]))
