"""What time words mean in days; today is 15 September 2025 unless a test says otherwise."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.flow.plan import period
from campaigns.model.plan import DateRange

TODAY = date(2025, 9, 15)
DAYS = st.dates(date(2005, 1, 1), date(2090, 12, 31))


def span(first: str, last: str) -> DateRange:
    return DateRange(date.fromisoformat(first), date.fromisoformat(last))


def test_a_month_is_the_next_one_not_wholly_past():
    assert period.month(TODAY, 10) == span("2025-10-01", "2025-10-31")
    assert period.month(TODAY, 9) == span("2025-09-01", "2025-09-30")
    assert period.month(TODAY, 8) == span("2026-08-01", "2026-08-31")


def test_february_ends_on_the_29th_in_a_leap_year():
    assert period.month(TODAY, 2, 2028) == span("2028-02-01", "2028-02-29")


def test_this_quarter_is_the_next_ninety_days_both_ends_included():
    assert period.this_quarter(TODAY) == span("2025-09-15", "2025-12-14")


def test_a_calendar_quarter_is_the_next_one_not_wholly_past():
    assert period.quarter(TODAY, 3) == span("2025-07-01", "2025-09-30")
    assert period.quarter(TODAY, 4) == span("2025-10-01", "2025-12-31")
    assert period.quarter(TODAY, 1) == span("2026-01-01", "2026-03-31")
    assert period.next_quarter(TODAY) == span("2025-10-01", "2025-12-31")
    assert period.next_quarter(date(2025, 12, 31)) == span("2026-01-01", "2026-03-31")


@pytest.mark.parametrize(
    ("said", "meant"), [(2568, 2025), (68, 2025), (2025, 2025), (25, 2025), (2600, 2057)]
)
def test_buddhist_years_are_western_ones(said, meant):
    assert period.western_year(said) == meant


@pytest.mark.parametrize("said", [1025, 1999, 2100, 2700, 0 - 1])
def test_a_year_of_another_century_is_refused(said):
    with pytest.raises(ValueError, match="not a year"):
        period.western_year(said)


def test_a_day_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="day"):
        period.day(TODAY, 2, 31)


def test_a_day_without_a_year_is_the_next_such_day_today_included():
    assert period.day(TODAY, 9, 15).first == TODAY
    assert period.day(TODAY, 9, 14).first == date(2026, 9, 14)


def test_bounds_start_today_and_include_what_they_name():
    october = period.month(TODAY, 10)
    assert period.by(TODAY, october) == span("2025-09-15", "2025-10-31")
    assert period.before(TODAY, october) == span("2025-09-15", "2025-09-30")
    assert period.after(october) == DateRange(date(2025, 11, 1), None)
    assert period.since(october) == DateRange(date(2025, 10, 1), None)


def test_a_bound_in_the_past_is_refused():
    with pytest.raises(ValueError, match="before today"):
        period.by(TODAY, period.month(TODAY, 8, 2025))
    with pytest.raises(ValueError, match="before today"):
        period.before(TODAY, period.month(TODAY, 9))


def test_months_on_ends_on_the_last_day_of_a_shorter_month():
    assert period.months_on(date(2025, 12, 31), 2) == span("2025-12-31", "2026-02-28")


def test_an_expired_month_ends_before_today():
    assert period.elapsed_month(TODAY, 8) == span("2025-08-01", "2025-08-31")
    assert period.elapsed_month(TODAY, 9) == span("2025-09-01", "2025-09-14")
    assert period.elapsed_month(date(2025, 9, 1), 9) == span("2024-09-01", "2024-09-30")
    assert period.elapsed_month(TODAY, 10) == span("2024-10-01", "2024-10-31")
    assert period.elapsed(TODAY, span("2025-01-01", "2025-12-31")) == span(
        "2025-01-01", "2025-09-14"
    )
    assert period.elapsed(TODAY, span("2025-08-01", "2025-08-31")) == span(
        "2025-08-01", "2025-08-31"
    )
    assert period.elapsed(TODAY, span("2025-09-15", "2025-09-30")) is None


@given(DAYS, st.integers(1, 12))
def test_a_month_is_never_wholly_past_and_begins_within_a_year(today, number):
    whole = period.month(today, number)
    assert whole.last >= today
    assert whole.first <= today + timedelta(days=366)
    assert (whole.last + timedelta(days=1)).day == 1


@given(DAYS, st.integers(0, 1000))
def test_within_n_days_holds_n_plus_one_days(today, days):
    whole = period.within(today, days)
    assert (whole.last - whole.first).days == days
    assert whole.contains(today)


@given(st.lists(st.tuples(DAYS, st.integers(0, 60)), min_size=1, max_size=6), DAYS)
def test_joined_ranges_hold_exactly_the_same_days(parts, day):
    spans = [DateRange(first, first + timedelta(days=length)) for first, length in parts]
    joined = period.joined(spans)
    assert any(s.contains(day) for s in joined) == any(s.contains(day) for s in spans)
    assert all(a.last + timedelta(days=1) < b.first for a, b in pairwise(joined))


@given(st.tuples(DAYS, DAYS).map(sorted), st.tuples(DAYS, DAYS).map(sorted), DAYS)
def test_an_overlap_holds_the_days_that_both_hold(one, other, day):
    first, second = DateRange(*one), DateRange(*other)
    try:
        both = period.overlap(first, second)
    except ValueError:
        assert not (first.contains(day) and second.contains(day))
    else:
        assert both.contains(day) == (first.contains(day) and second.contains(day))
