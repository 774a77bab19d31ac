"""When the last message will leave: limits, windows, time zones, clock changes."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.flow.dispatch import Window, is_open
from campaigns.flow.dispatch.forecast import Batch, Departures, Warming, forecast
from campaigns.model.delivery import Quota, WarmUp

NOON = datetime(2025, 9, 15, 5, 0, tzinfo=UTC)  # 12:00 in Bangkok
BANGKOK, BERLIN, NEW_YORK = (
    ZoneInfo(name) for name in ("Asia/Bangkok", "Europe/Berlin", "America/New_York")
)
OFFICE = Window(time(9), time(18))
HOURLY, DAILY = Quota(limit=100, window_s=3600), Quota(limit=1000, window_s=86_400)
NO_LIMIT = Quota(limit=500, window_s=0)


def batch(messages: int, zone: ZoneInfo = BANGKOK, from_at: datetime = NOON) -> Batch:
    return Batch(zone=zone, from_at=from_at, messages=messages)


def test_without_messages_there_is_nothing_to_say() -> None:
    assert forecast([batch(0)], OFFICE, HOURLY, [], NOON) == Departures()


def test_what_fits_leaves_at_once() -> None:
    found = forecast([batch(100)], OFFICE, HOURLY, [], NOON)
    assert (found.first_at, found.last_at, found.held_by) == (NOON, NOON, ())


def test_an_hourly_limit_lets_a_hundred_out_an_hour() -> None:
    found = forecast([batch(250)], None, HOURLY, [], NOON)
    assert found.last_at == NOON + timedelta(hours=2)
    assert found.held_by == ("the limit of 100 per hour",)


def test_what_left_before_counts() -> None:
    back = [NOON + timedelta(minutes=10)] * 60
    found = forecast([batch(100)], None, HOURLY, back, NOON)
    assert (found.first_at, found.last_at) == (NOON, NOON + timedelta(minutes=10))


def test_a_limit_per_request_holds_nothing() -> None:
    assert forecast([batch(5000)], None, NO_LIMIT, [], NOON).last_at == NOON


def test_a_limit_of_none_says_so() -> None:
    found = forecast([batch(1)], None, Quota(limit=0, window_s=3600), [], NOON)
    assert found == Departures(held_by=("the limit of 0 per hour",))


def test_the_night_is_waited_for_by_each_zones_own_clock() -> None:
    found = forecast([batch(1), batch(1, NEW_YORK)], OFFICE, HOURLY, [], NOON)
    assert found.first_at == NOON
    assert found.last_at == datetime(2025, 9, 15, 9, tzinfo=NEW_YORK)
    assert found.held_by == ("the send window 09:00-18:00",)


def test_a_clock_change_moves_the_opening() -> None:
    saturday = datetime(2025, 10, 25, 20, tzinfo=BERLIN)
    found = forecast([batch(1, BERLIN, saturday)], OFFICE, HOURLY, [], saturday)
    assert found.last_at == datetime(2025, 10, 26, 8, tzinfo=UTC)  # winter time since that night
    spring = datetime(2026, 3, 28, 20, tzinfo=BERLIN)
    found = forecast([batch(1, BERLIN, spring)], OFFICE, HOURLY, [], spring)
    assert found.last_at == datetime(2026, 3, 29, 7, tzinfo=UTC)


def test_limit_and_window_together() -> None:
    # 1,000 now; the day's permits come back at noon, inside the window.
    found = forecast([batch(2500)], OFFICE, DAILY, [], NOON)
    assert found.last_at == NOON + timedelta(days=2)


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.lists(st.integers(1, 400), min_size=1, max_size=4),
    st.integers(1, 300),
    st.sampled_from([3600, 86_400]),
    st.sampled_from([BANGKOK, BERLIN, NEW_YORK]),
    st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
)
def test_the_last_message_leaves_in_the_window_and_no_sooner_than_the_limit_allows(
    sizes: list[int], limit: int, window_s: int, zone: ZoneInfo, now: datetime
) -> None:
    batches = [batch(n, zone, now) for n in sizes]
    found = forecast(batches, OFFICE, Quota(limit=limit, window_s=window_s), [], now)
    assert found.first_at is not None
    assert found.last_at is not None
    assert is_open(OFFICE, zone, found.first_at)
    assert is_open(OFFICE, zone, found.last_at)
    windows = (sum(sizes) - 1) // limit
    assert found.last_at >= found.first_at + windows * timedelta(seconds=window_s)


def warming(*daily: int, free_at: tuple[datetime, ...] = ()) -> Warming:
    warm_up = WarmUp(starts_on=NOON.date(), daily=daily)
    return Warming(warm_up=warm_up, zone=BANGKOK, free_at=free_at)


def test_a_sender_that_warms_up_lets_more_out_every_day() -> None:
    found = forecast([batch(170)], None, NO_LIMIT, [], NOON, warming(50, 100))
    # 50 at once, 50 more from midnight on; then nothing holds it back, by the day's calendar.
    assert found.first_at == NOON
    assert found.last_at == datetime(2025, 9, 17, tzinfo=BANGKOK)
    assert found.held_by == (
        "the limit of 50 per 24 hours (warm-up, day 1)",
        "the limit of 100 per 24 hours (warm-up, day 2)",
    )


def test_a_warm_up_and_an_hourly_limit_both_hold() -> None:
    found = forecast([batch(150)], None, HOURLY, [], NOON, warming(120, 1000))
    assert found.last_at == datetime(2025, 9, 16, tzinfo=BANGKOK)
    assert found.held_by == (
        "the limit of 100 per hour",
        "the limit of 120 per 24 hours (warm-up, day 1)",
    )


def test_what_left_yesterday_counts_for_a_warm_up() -> None:
    back = (NOON + timedelta(hours=1),) * 50
    found = forecast([batch(1)], None, HOURLY, [], NOON, warming(50, 50, free_at=back))
    assert found.first_at == NOON + timedelta(hours=1)
