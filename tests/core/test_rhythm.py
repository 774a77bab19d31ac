"""Due times: one for each day the rhythm names, through clock changes and short months."""

from calendar import monthrange
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.flow.rhythm import due_times, next_due, parse, rhythm_json, worded
from campaigns.model.automation import Every, Rhythm, Weekday
from campaigns.model.errors import RequestInvalid

BANGKOK = ZoneInfo("Asia/Bangkok")
BERLIN = ZoneInfo("Europe/Berlin")
# Zones whose clocks jump, by half an hour too, and one that once skipped a whole day.
ZONES = [
    ZoneInfo(name)
    for name in (
        "Asia/Bangkok",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "UTC",
    )
]
DAILY = Rhythm(every=Every.DAY, at=time(9))


@st.composite
def rhythms(draw: st.DrawFn) -> Rhythm:
    every = draw(st.sampled_from(Every))
    return Rhythm(
        every=every,
        at=draw(st.times()).replace(second=0, microsecond=0, tzinfo=None),
        weekday=draw(st.sampled_from(Weekday)) if every is Every.WEEK else None,
        day=draw(st.integers(1, 31)) if every is Every.MONTH else None,
    )


instants = st.integers(0, 35 * 365 * 24 * 3600).map(
    lambda seconds: datetime(2005, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
spans = st.timedeltas(timedelta(0), timedelta(days=400))


def local(*when: int, zone: ZoneInfo = BANGKOK) -> datetime:
    return datetime(*when, tzinfo=zone).astimezone(UTC)


@given(rhythms(), st.sampled_from(ZONES), instants, spans, spans)
def test_looking_twice_finds_exactly_what_looking_once_finds(
    rhythm: Rhythm, zone: ZoneInfo, after: datetime, first: timedelta, second: timedelta
) -> None:
    middle, end = after + first, after + first + second
    halves = due_times(rhythm, zone, after, middle) + due_times(rhythm, zone, middle, end)
    assert halves == due_times(rhythm, zone, after, end)


@given(rhythms(), st.sampled_from(ZONES), instants, spans)
def test_due_times_grow_and_stay_inside_what_was_asked(
    rhythm: Rhythm, zone: ZoneInfo, after: datetime, span: timedelta
) -> None:
    times = due_times(rhythm, zone, after, after + span)
    assert list(times) == sorted(set(times))
    assert all(after < at <= after + span for at in times)


@given(rhythms(), st.sampled_from(ZONES), instants)
def test_the_next_due_time_is_the_first_of_all_that_follow(
    rhythm: Rhythm, zone: ZoneInfo, after: datetime
) -> None:
    following = next_due(rhythm, zone, after)
    assert following == due_times(rhythm, zone, after, after + timedelta(days=40))[0]


@given(rhythms(), instants)
def test_without_clock_changes_it_is_due_at_its_hour_on_its_day(
    rhythm: Rhythm, after: datetime
) -> None:
    at = next_due(rhythm, BANGKOK, after).astimezone(BANGKOK)
    assert at.time() == rhythm.at
    if rhythm.weekday is not None:
        assert at.weekday() == rhythm.weekday.number
    if rhythm.day is not None:
        assert at.day == min(rhythm.day, monthrange(at.year, at.month)[1])


@given(st.sampled_from(ZONES[:4]), instants, st.times())
def test_a_daily_rhythm_is_due_once_on_every_local_day(
    zone: ZoneInfo, after: datetime, at: time
) -> None:
    daily = Rhythm(every=Every.DAY, at=at.replace(second=0, microsecond=0, tzinfo=None))
    times = due_times(daily, zone, after, after + timedelta(days=400))
    days = [t.astimezone(zone).date() for t in times]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]


def test_a_monthly_rhythm_on_the_31st_is_due_on_the_last_day_of_shorter_months() -> None:
    monthly = Rhythm(every=Every.MONTH, at=time(9), day=31)
    times = due_times(monthly, BANGKOK, local(2027, 12, 31, 12), local(2028, 5, 1))
    assert [t.astimezone(BANGKOK).strftime("%m-%d") for t in times] == [
        "01-31",
        "02-29",
        "03-31",
        "04-30",
    ]


def test_an_hour_the_clock_skips_is_due_as_much_later() -> None:
    early = Rhythm(every=Every.DAY, at=time(2, 30))
    after = local(2025, 3, 29, 12, zone=BERLIN)
    assert next_due(early, BERLIN, after).astimezone(BERLIN).isoformat() == (
        "2025-03-30T03:30:00+02:00"
    )


def test_an_hour_the_clock_shows_twice_is_due_the_first_time_only() -> None:
    early = Rhythm(every=Every.DAY, at=time(2, 30))
    times = due_times(
        early, BERLIN, local(2025, 10, 25, 12, zone=BERLIN), local(2025, 10, 26, 12, zone=BERLIN)
    )
    assert [t.isoformat() for t in times] == ["2025-10-26T00:30:00+00:00"]


def test_the_instant_it_was_due_is_not_due_again() -> None:
    due = local(2025, 9, 15, 9)
    assert due_times(DAILY, BANGKOK, due, due + timedelta(hours=23)) == ()
    assert due_times(DAILY, BANGKOK, due - timedelta(seconds=1), due) == (due,)


@given(rhythms())
def test_a_rhythm_survives_json(rhythm: Rhythm) -> None:
    assert parse(rhythm_json(rhythm)) == rhythm


@pytest.mark.parametrize(
    ("given_", "pointers"),
    [
        ({}, ["/rhythm/every"]),
        ({"every": "fortnight"}, ["/rhythm/every"]),
        ({"every": "week"}, ["/rhythm/weekday"]),
        ({"every": "week", "weekday": "someday"}, ["/rhythm/weekday"]),
        ({"every": "week", "weekday": "monday", "day": 3}, ["/rhythm/day"]),
        ({"every": "month"}, ["/rhythm/day"]),
        ({"every": "month", "day": 32}, ["/rhythm/day"]),
        ({"every": "month", "day": True}, ["/rhythm/day"]),
        ({"every": "day", "weekday": "monday"}, ["/rhythm/weekday"]),
        ({"every": "day", "at": "25:00"}, ["/rhythm/at"]),
        ({"every": "day", "at": 9}, ["/rhythm/at"]),
        ({"every": "day", "hour": 9}, ["/rhythm/hour"]),
    ],
)
def test_what_is_wrong_with_a_rhythm_is_named(
    given_: dict[str, object], pointers: list[str]
) -> None:
    with pytest.raises(RequestInvalid) as refused:
        parse(given_)
    assert [f.pointer for f in refused.value.faults] == pointers


@pytest.mark.parametrize(
    ("rhythm", "words"),
    [
        (DAILY, "every day at 09:00"),
        (
            Rhythm(every=Every.WEEK, at=time(8, 30), weekday=Weekday.FRIDAY),
            "every week on Friday at 08:30",
        ),
        (Rhythm(every=Every.MONTH, at=time(9), day=1), "every month on day 1 at 09:00"),
        (
            Rhythm(every=Every.MONTH, at=time(9), day=31),
            "every month on day 31 (or its last) at 09:00",
        ),
    ],
)
def test_a_rhythm_is_said_in_words(rhythm: Rhythm, words: str) -> None:
    assert worded(rhythm) == words
