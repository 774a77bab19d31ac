"""What time words mean: days counted from a given today, by the rules of docs/requests.md.

Everything here is whole days and pure; who says the words and in which language is not known.
A function raises ValueError for a day that does not exist (31 February).
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from campaigns.model.plan import DateRange

QUARTER_DAYS = 90
BUDDHIST_OFFSET = 543


def western_year(year: int) -> int:
    """Return the western year: 2568 and 68 (Buddhist) are 2025, 2025 and 25 stay 2025.

    Raises ValueError for a year outside 2000-2099.
    """
    if year < 100:
        year += 2500 if year >= 60 else 2000
    if year >= 2400:
        year -= BUDDHIST_OFFSET
    if not 2000 <= year <= 2099:
        raise ValueError(f"{year} is not a year of this century")
    return year


def month(today: date, number: int, year: int | None = None) -> DateRange:
    """Return a whole month; without a year the next one that is not wholly past."""
    if year is None:
        year = today.year if number >= today.month else today.year + 1
    return DateRange(date(year, number, 1), date(year, number, monthrange(year, number)[1]))


def elapsed_month(today: date, number: int) -> DateRange:
    """Return the days before today of the latest such month: what "expired in August" looks at."""
    begun = elapsed(today, month(today, number, today.year))
    return begun or month(today, number, today.year - 1)


def elapsed(today: date, whole: DateRange) -> DateRange | None:
    """Return the days of a period that lie before today, None when there are none."""
    if whole.first is None or whole.last is None or whole.first >= today:
        return None
    return DateRange(whole.first, min(whole.last, today - timedelta(days=1)))


def quarter(today: date, number: int, year: int | None = None) -> DateRange:
    """Return a calendar quarter; without a year the next one that is not wholly past."""
    if year is None:
        year = today.year if number >= quarter_of(today) else today.year + 1
    first = date(year, number * 3 - 2, 1)
    return DateRange(first, month(today, number * 3, year).last)


def half(today: date, number: int, year: int | None = None) -> DateRange:
    """Return a half of a calendar year; without a year the next one that is not wholly past."""
    if year is None:
        year = today.year if number == 2 or today.month <= 6 else today.year + 1
    return DateRange(date(year, number * 6 - 5, 1), month(today, number * 6, year).last)


def half_month(whole: DateRange, number: int) -> DateRange:
    """Return the days 1-15 or those from the 16th on of a whole month."""
    if whole.first is None:
        raise ValueError("half of what?")
    middle = whole.first.replace(day=15)
    if number == 1:
        return DateRange(whole.first, middle)
    return DateRange(middle + timedelta(days=1), whole.last)


def quarter_of(day: date) -> int:
    """Return the number of the calendar quarter of `day`, 1-4."""
    return (day.month + 2) // 3


def next_quarter(today: date) -> DateRange:
    """Return the calendar quarter after the one `today` is in."""
    return quarter(today, *following(quarter_of(today), 4, today.year))


def following(number: int, of: int, year: int) -> tuple[int, int]:
    """Return the number and year of the month (of 12) or quarter (of 4) after this one."""
    return (1, year + 1) if number == of else (number + 1, year)


def this_quarter(today: date) -> DateRange:
    """Return the next 90 days, both ends included: the product's own rule for "this quarter"."""
    return within(today, QUARTER_DAYS)


def year(number: int) -> DateRange:
    """Return a whole calendar year."""
    return DateRange(date(number, 1, 1), date(number, 12, 31))


def week(today: date, after: int = 0) -> DateRange:
    """Return the Monday-to-Sunday week `after` weeks after the current one."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=after)
    return DateRange(monday, monday + timedelta(days=6))


def day(today: date, month_number: int, number: int, year_number: int | None = None) -> DateRange:
    """Return one day; without a year the next such day, `today` included."""
    if year_number is None:
        year_number = today.year
        if date(year_number, month_number, number) < today:
            year_number += 1
    only = date(year_number, month_number, number)
    return DateRange(only, only)


def within(today: date, days: int) -> DateRange:
    """Return today and the `days` days after it."""
    return DateRange(today, today + timedelta(days=days))


def months_on(today: date, months: int) -> DateRange:
    """Return today up to the same day `months` later (the month's last day where it is shorter)."""
    index = today.year * 12 + today.month - 1 + months
    year_number, month_index = divmod(index, 12)
    last = monthrange(year_number, month_index + 1)[1]
    return DateRange(today, date(year_number, month_index + 1, min(today.day, last)))


def past(today: date) -> DateRange:
    """Return every day before today: "expired", "lapsed", "overdue"."""
    return DateRange(None, today - timedelta(days=1))


def by(today: date, span: DateRange) -> DateRange:
    """Return today up to and including the end of `span`. Raises ValueError when that is past."""
    if span.last is None or span.last < today:
        raise ValueError("the end is before today")
    return DateRange(today, span.last)


def before(today: date, span: DateRange) -> DateRange:
    """Return today up to the day before `span` begins. Raises ValueError when that is past."""
    if span.first is None or span.first <= today:
        raise ValueError("the end is before today")
    return DateRange(today, span.first - timedelta(days=1))


def after(span: DateRange) -> DateRange:
    """Return every day after the end of `span`."""
    return DateRange(span.last and span.last + timedelta(days=1), None)


def since(span: DateRange) -> DateRange:
    """Return every day from the beginning of `span` on."""
    return replace(span, last=None)


def between(first: DateRange, last: DateRange) -> DateRange:
    """Return the days of both and all between. Raises ValueError when they are out of order."""
    whole = DateRange(first.first, last.last)
    if whole.first is None or whole.last is None or whole.first > whole.last:
        raise ValueError("the end is before the beginning")
    return whole


def overlap(one: DateRange, other: DateRange) -> DateRange:
    """Return the days in both ranges. Raises ValueError when there are none."""
    firsts = [d for d in (one.first, other.first) if d]
    lasts = [d for d in (one.last, other.last) if d]
    both = DateRange(max(firsts, default=None), min(lasts, default=None))
    if both.first and both.last and both.first > both.last:
        raise ValueError("the two periods have no day in common")
    return both


def joined(spans: Iterable[DateRange]) -> list[DateRange]:
    """Return the same days in as few ranges as possible, in order; neighbours are made one."""
    whole: list[DateRange] = []
    for span in sorted(spans, key=lambda s: s.first or date.min):
        before = whole[-1] if whole else None
        if before is None or not _touches(before, span):
            whole.append(span)
        elif before.last is not None and (span.last is None or span.last > before.last):
            whole[-1] = DateRange(before.first, span.last)
    return whole


def _touches(before: DateRange, after: DateRange) -> bool:
    if before.last is None or after.first is None:
        return True
    return after.first <= before.last + timedelta(days=1)
