"""Atoms of the grammar of dates: one day, month, quarter or year, or the end of one.

An atom knows how to become days once the year is known, from its own words, from a neighbour or
from today; what the words mean in days is `campaigns.flow.plan.period`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from campaigns.ai.embedded.requests.lists import table
from campaigns.ai.embedded.requests.senses import Grain
from campaigns.ai.embedded.requests.timewords import TimeWords
from campaigns.ai.embedded.requests.tokens import Kind, Token
from campaigns.ai.embedded.requests.turns import CALENDAR_UNITS
from campaigns.flow.plan import period
from campaigns.model.plan import DateRange

THIS, NEXT, LAST = "this", "next", "last"
_HALVES = {1: "first_half", 2: "second_half"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Atom:
    """A date as worded: `year` is None until a neighbour or today gives it."""

    end: int
    grain: Grain
    read: Callable[[date, int | None], DateRange]
    year: int | None = None
    day_only: int | None = None  # "1" in "1 to 15 October"
    is_end: bool = False
    note: str = ""
    this_quarter: bool = False
    month: int | None = None  # of a month without a year

    def days(self, today: date, year: int | None = None) -> DateRange:
        return self.read(today, self.year or year)

    def in_or_after(self, today: date, first: date) -> DateRange:
        """Return the atom's days in the year of `first`, or the year after when that is before."""
        same = self.days(today, first.year)
        if same.last and same.last < first:
            return self.days(today, first.year + 1)
        return same

    def in_or_before(self, today: date, last: date) -> DateRange:
        """Return the atom's days in the year of `last`, or the year before when that is after."""
        same = self.days(today, last.year)
        if same.first and same.first > last:
            return self.days(today, last.year - 1)
        return same


class Atoms:
    """The atoms in a row of tokens, as seen from `today`."""

    def __init__(self, tokens: Sequence[Token], words: TimeWords, today: date) -> None:
        self._tokens = tokens
        self._today = today
        self._words = words

    def at(self, start: int) -> Atom | None:
        if start >= len(self._tokens):
            return None
        for rule in (
            self._end_of,
            self._numeric,
            self._day_month,
            self._month_day,
            self._month,
            self._half,
            self._quarter,
            self._relative,
            self._named_day,
            self._year,
        ):
            atom = rule(start)
            if atom is not None:
                return atom
        return None

    def _end_of(self, start: int) -> Atom | None:
        """Read "the end of October", "year end", "สิ้นเดือนหน้า"."""
        w = self._words
        start = w.past("the", start)
        if at := w.end("end_of", start):
            inner = self.at(at) or self.at(w.past("lead", at)) or self._current(w.past("the", at))
            return inner and self._ending(inner)
        if at := w.end("year_end", start):
            year = self._year(at) or self._turn(at, "year")
            return self._ending(year or self._this("year", at))
        if at := w.end("month_end", start):
            month = self._month(at) or self._turn(at, "month")
            return self._ending(month or self._this("month", at))
        return None

    @staticmethod
    def _ending(atom: Atom) -> Atom:
        read = atom.read

        def last_day(today: date, year: int | None) -> DateRange:
            days = read(today, year)
            return DateRange(days.last, days.last)

        return replace(atom, read=last_day, is_end=True)

    def _current(self, start: int) -> Atom | None:
        """Read "year" in "the end of the year": the current one."""
        unit = self.unit(start)
        return self._this(unit[1], unit[0]) if unit and unit[1] in CALENDAR_UNITS else None

    def _this(self, unit: str, end: int) -> Atom:
        grain, read = CALENDAR_UNITS[unit]
        return Atom(end=end, grain=grain, read=lambda today, _: read(today, 0))

    def _numeric(self, start: int) -> Atom | None:
        """Read 2025-10-31, 31/10/2025, 31.10.25; both orders possible is not understood."""
        w = self._words
        parts: list[int] = []
        at = start
        while len(parts) < 3 and (part := w.digits(at)) is not None:
            parts.append(part)
            if len(parts) == 3 or not w.is_mark(at + 1, "/.-"):
                at += 1
                break
            at += 2
        if len(parts) != 3 or not w.is_mark(start + 1, "/.-"):
            return None
        year, month, day = _ordered(parts)
        return Atom(
            end=at,
            grain=Grain.DAY,
            read=lambda today, y: period.day(today, month, day, y),
            year=period.western_year(year),
        )

    def _day_month(self, start: int) -> Atom | None:
        """Read "31 October 2025", "the 31st of October", "1 ต.ค. 68"."""
        w = self._words
        at = w.past("the", start)
        day = w.digits(at)
        month = self._month_name(w.past("of_the", w.past("lead", at + 1)), beside_number=True)
        if day is None or month is None:
            return None
        end, number = month
        end, year = self._year_after(end)
        return Atom(
            end=end,
            grain=Grain.DAY,
            read=lambda today, y: period.day(today, number, day, y),
            year=year,
        )

    def _month_day(self, start: int) -> Atom | None:
        """Read "October 31st, 2025" and not "Oct 2025"."""
        w = self._words
        month = self._month_name(start, beside_number=True)
        if month is None or self._tokens[start].kind is Kind.THAI:
            return None
        end, number = month
        end = w.past("the", end)
        day = w.digits(end)
        if day is None or day > 31 or self._is_range_of_zones(end):
            return None
        comma = end + 2 if w.is_mark(end + 1, ",", glued=False) else end + 1
        after, year = self._year_after(comma)
        return Atom(
            end=after if year else end + 1,
            grain=Grain.DAY,
            read=lambda today, y: period.day(today, number, day, y),
            year=year,
        )

    def _is_range_of_zones(self, at: int) -> bool:
        following = [t.key for t in self._tokens[at + 1 : at + 4]]
        return any(key.startswith(("zone", "โซน")) for key in following)

    def _month(self, start: int) -> Atom | None:
        month = self._month_name(start)
        if month is None:
            return None
        end, number = month
        end, year = self._year_after(self._words.past("of", end))
        if year is None:
            end = month[0]
        return Atom(
            end=end,
            grain=Grain.MONTH,
            read=lambda today, y: period.month(today, number, y),
            year=year,
            month=None if year else number,
        )

    def _month_name(self, start: int, *, beside_number: bool = False) -> tuple[int, int] | None:
        found = self._words.at("months", start)
        if found is not None:
            found = self._past_dot(found)
        if found is None or beside_number:
            return found
        key = self._tokens[start].key
        if key not in table("calendar.toml")["doubtful_months"].split("|"):
            return found
        before = self._tokens[start - 1].key if start else ""
        trusted = before in table("calendar.toml")["doubtful_after"].split("|")
        return found if trusted or self._year_after(found[0])[1] else None

    def _past_dot(self, found: tuple[int, int]) -> tuple[int, int]:
        """Skip the dot of "Oct. 31"; behind a whole name or before a capital it ends the sentence."""
        end, number = found
        name = self._tokens[end - 1].key
        short = len(name) < 5 and name not in ("may", "june", "july")
        return (end + 1, number) if short and self._words.is_dot(end) else found

    def _half(self, start: int) -> Atom | None:
        """Read "H1 2026", "the second half of the year", "the first half of October"."""
        w = self._words
        start = w.past("the", start)
        number = next((n for n in (1, 2) if w.end(_HALVES[n], start)), None)
        at = number and w.end(_HALVES[number], start)
        if not (number and at):
            return None
        after = w.past("the", w.past("lead", at))
        if month := self._month(after):
            return replace(month, read=lambda t, y: period.half_month(month.read(t, y), number))
        end, year = self._year_after(w.past("lead", at))
        if year is None and self._tokens[start].kind is not Kind.THAI:
            end = w.end("year", after) or at  # "of the year": the next such half
        return Atom(
            end=end if year else max(end, at),
            grain=Grain.QUARTER,
            read=lambda today, y: period.half(today, number, y),
            year=year,
        )

    def _quarter(self, start: int) -> Atom | None:
        """Read "Q1 2026", "the first quarter of 2026", "ไตรมาส 1 ปี 2569", "H1 2026"."""
        found = self._quarter_number(self._words.past("the", start))
        if found is None:
            return None
        end, number = found
        after, year = self._year_after(self._words.past("lead", end))
        return Atom(
            end=after if year else end,
            grain=Grain.QUARTER,
            read=lambda today, y: period.quarter(today, number, y),
            year=year,
        )

    def _quarter_number(self, start: int) -> tuple[int, int] | None:
        w = self._words
        if start >= len(self._tokens):
            return None
        key = self._tokens[start].key
        if key in ("q1", "q2", "q3", "q4"):
            return start + 1, int(key[1])
        ordinal = w.ordinal(start)
        if ordinal and 1 <= ordinal[1] <= 4 and (end := w.end("quarter", ordinal[0])):
            return end, ordinal[1]
        after = w.end("quarter", start)
        number = w.number(after) if after else None
        return number if number and 1 <= number[1] <= 4 else None

    def _relative(self, start: int) -> Atom | None:
        """Read "this month", "next quarter", "ปีหน้า"."""
        w = self._words
        for way in (THIS, NEXT, LAST):
            at = w.end(way, start)
            unit = self.unit(at) if at else None
            if unit and unit[1] in CALENDAR_UNITS:
                return self._turned(way, unit[1], unit[0])
        unit = self.unit(start)
        return self._turn(unit[0], unit[1]) if unit and unit[1] in CALENDAR_UNITS else None

    def _turn(self, at: int, unit: str) -> Atom | None:
        """Read the Thai word behind a unit: "เดือน" + "หน้า"."""
        for way in (THIS, NEXT, LAST):
            end = self._words.end(way, at)
            if end and self._tokens[at].kind is Kind.THAI:
                return self._turned(way, unit, end)
        return None

    def _turned(self, way: str, unit: str, end: int) -> Atom:
        steps = {THIS: 0, NEXT: 1, LAST: -1}[way]
        if unit == "quarter" and way == THIS:
            return Atom(
                end=end,
                grain=Grain.QUARTER,
                read=lambda today, _: period.this_quarter(today),
                note=f"“this quarter” read as the next {period.QUARTER_DAYS} days",
                this_quarter=True,
            )
        grain, read = CALENDAR_UNITS[unit]
        return Atom(end=end, grain=grain, read=lambda today, _: read(today, steps))

    def _named_day(self, start: int) -> Atom | None:
        """Read today, tomorrow and the days of the week."""
        w = self._words
        for name, offset in (("today", 0), ("tomorrow", 1)):
            if end := w.end(name, start):
                return _fixed(end, self._today + timedelta(days=offset))
        prefixed = w.end(NEXT, start) or w.end(THIS, start)
        at = prefixed or start
        found = w.at("weekdays", at)
        if found is None:
            return None
        end, number = found
        if not prefixed:
            end = w.end(NEXT, end) or w.end(THIS, end) or end
        days = (number - 1 - self._today.weekday()) % 7 or 7
        return _fixed(end, self._today + timedelta(days=days))

    def now(self, start: int) -> Atom | None:
        """Read "now" where a period begins: "between now and the end of October"."""
        end = self._words.end("now", start)
        return _fixed(end, self._today) if end else None

    def feast(self, start: int) -> Atom | None:
        """Read a day with a name, which only a bound makes a date: "before Christmas"."""
        found = self._words.at("feasts", start)
        if found is None:
            return None
        end, (month, day) = found[0], divmod(found[1], 100)
        return Atom(
            end=end, grain=Grain.DAY, read=lambda today, y: period.day(today, month, day, y)
        )

    def _year(self, start: int) -> Atom | None:
        end, year = self._year_after(start)
        if year is None:
            return None
        return Atom(
            end=end,
            grain=Grain.YEAR,
            read=lambda today, y: period.year(y or today.year),
            year=year,
        )

    def lone_day(self, start: int) -> Atom | None:
        """Read "1" in "1 to 15 October"; "Oct 1-15" gives the month to its left."""
        day = self._words.digits(start)
        if day is None or not 1 <= day <= 31:
            return None
        return Atom(end=start + 1, grain=Grain.DAY, read=_no_days, day_only=day)

    def _year_after(self, start: int) -> tuple[int, int | None]:
        """Return (end, year) of a year at `start`; two digits only behind Thai words."""
        w = self._words
        turned = self._turned_year(w.past("lead", start))
        if turned is not None:
            return turned
        at = w.past("year", w.past("lead", start))
        if w.is_mark(at, "'", glued=False) and (short := w.digits(at + 1)) and short < 100:
            return at + 2, period.western_year(short)
        number = w.digits(at)
        if number is None:
            return start, None
        thai = at > 0 and self._tokens[at - 1].kind is Kind.THAI
        four = 2000 <= number <= 2099 or 2500 <= number <= 2642
        if not (four or (thai and 60 <= number <= 99)):
            return start, None
        return at + 1, period.western_year(number)

    def _turned_year(self, start: int) -> tuple[int, int | None] | None:
        """Read "this year" or "next year" behind a month or quarter."""
        if start == 0:
            return None
        for way, steps in ((THIS, 0), (NEXT, 1)):
            at = self._words.end(way, start)
            if at and (end := self._words.end("year", at)):
                return end, self._today.year + steps
        return None

    def unit(self, start: int) -> tuple[int, str] | None:
        for name in ("day", "week", "fortnight", "month", "quarter", "year"):
            if end := self._words.end(name, start):
                return end, name
        return None


def _fixed(end: int, on: date) -> Atom:
    return Atom(end=end, grain=Grain.DAY, read=lambda *_: DateRange(on, on), year=on.year)


def _no_days(today: date, year: int | None) -> DateRange:
    raise ValueError("a day needs a month")


def _ordered(parts: Sequence[int]) -> tuple[int, int, int]:
    """Return (year, month, day) of three numbers. Raises ValueError when two orders fit."""
    if parts[0] > 1000:
        return parts[0], parts[1], parts[2]
    first, second, year = parts
    if first > 12:
        return year, second, first
    if second > 12:
        return year, first, second
    if first == second:
        return year, first, second
    raise ValueError("day and month could be either way round")
