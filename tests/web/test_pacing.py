"""How long limits make a campaign take, told apart from hours of the day."""

from datetime import UTC, datetime, timedelta

from campaigns.model.outlook import Departure, Pace
from campaigns.web.views.pacing import days, held, lasts, span

NOON = datetime(2025, 9, 15, 5, tzinfo=UTC)  # 12:00 in Bangkok
BANGKOK = "Asia/Bangkok"
LIMIT = ("the limit of 100 per hour",)


def pace(
    *after: timedelta, held_by: tuple[str, ...] = LIMIT, free: timedelta = timedelta()
) -> Pace:
    leave = tuple(Departure(NOON + a, BANGKOK, 100) for a in after)
    return Pace(departures=leave, held_by=held_by, unlimited_at=NOON + free)


def test_limits_are_told_in_days_of_the_calendar_or_in_hours() -> None:
    hours = pace(timedelta(), timedelta(hours=3))
    assert lasts(hours, BANGKOK) == "Takes 3 h at current limits"
    nights = pace(timedelta(), timedelta(days=1), timedelta(days=4))
    assert lasts(nights, BANGKOK) == "Takes 5 days at current limits"
    assert [str(d) for d in days(nights, BANGKOK)] == [
        "100 on 15 Sep",
        "100 on 16 Sep",
        "100 on 19 Sep",
    ]


def test_what_hours_of_the_day_stretch_is_no_matter_of_limits() -> None:
    tomorrow = timedelta(days=1)
    assert lasts(pace(timedelta(), tomorrow, free=tomorrow), BANGKOK) == ""
    windows = ("the send window 09:00-18:00",)
    assert lasts(pace(timedelta(), tomorrow, held_by=windows), BANGKOK) == ""


def test_a_limit_is_named_only_where_it_holds_something() -> None:
    tomorrow, both = timedelta(days=1), ("the send window 09:00-18:00", *LIMIT)
    assert held(pace(timedelta(), tomorrow, free=tomorrow, held_by=both), BANGKOK) == both[0]
    assert held(pace(timedelta(), tomorrow, held_by=both), BANGKOK) == " and ".join(both)


def test_an_end_that_nobody_knows_is_said_to_be_unknown() -> None:
    endless = Pace(departures=(Departure(NOON, BANGKOK, 1),), held_by=LIMIT, open_end=True)
    assert "longer than anybody can say" in lasts(endless, BANGKOK)
    assert span(endless, NOON) == "First 12:00 Bangkok; nobody can say when the last leaves"


def test_first_and_last_are_told_by_the_clocks_of_their_customers() -> None:
    both = Pace(
        departures=(
            Departure(NOON - timedelta(hours=2), BANGKOK, 1),
            Departure(NOON - timedelta(hours=3), "Australia/Sydney", 1),
        )
    )
    assert span(both, NOON) == "First 10:00 Bangkok, last 12:00 Sydney"
    assert span(Pace(departures=()), NOON) == ""
