"""Whether a message may leave now: windows by the customer's clock, quotas, retries."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.sending import NOON

from campaigns.flow import dispatch
from campaigns.flow.dispatch import End, Go, Standing, Wait, Window, decide
from campaigns.model.delivery import Quota, Reason, ReasonClass, Refused
from campaigns.model.message import MessageStatus

OFFICE = Window(time(9), time(18))
# Clock changes of every kind: by an hour, by half an hour, at midnight, never; both hemispheres.
ZONES = [
    "Asia/Bangkok",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "UTC",
]
SECONDS = st.integers(0, 4 * 365 * 24 * 3600)
INSTANTS = SECONDS.map(lambda s: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda m: time(m // 60, m % 60))


def windows() -> st.SearchStrategy[Window]:
    return st.tuples(MINUTES, MINUTES).filter(lambda p: p[0] != p[1]).map(lambda p: Window(*p))


@given(window=windows(), zone=st.sampled_from(ZONES).map(ZoneInfo), now=INSTANTS)
def test_a_message_waits_for_an_instant_at_which_its_window_is_open(
    window: Window, zone: ZoneInfo, now: datetime
) -> None:
    opening = dispatch.next_opening(window, zone, now)
    assert opening >= now
    assert dispatch.is_open(window, zone, opening)
    # Not a day too late either: every day has an opening, but for one lost to a clock change.
    assert opening <= now + timedelta(hours=72)


@given(zone=st.sampled_from(ZONES).map(ZoneInfo), now=INSTANTS)
def test_no_opening_is_passed_over(zone: ZoneInfo, now: datetime) -> None:
    opening = dispatch.next_opening(OFFICE, zone, now)
    step = now
    while step < opening:
        assert not dispatch.is_open(OFFICE, zone, step)
        step += timedelta(minutes=17)


@given(window=windows(), zone=st.sampled_from(ZONES).map(ZoneInfo), now=INSTANTS)
def test_nothing_goes_outside_its_window(window: Window, zone: ZoneInfo, now: datetime) -> None:
    verdict = decide(Standing(window=window, zone=zone, zone_name="x"), now)
    local = now.astimezone(zone).time()
    if window.opens < window.closes:
        inside = window.opens <= local < window.closes
    else:
        inside = not (window.closes <= local < window.opens)
    assert isinstance(verdict, Go if inside else Wait)


@pytest.mark.parametrize(
    ("zone", "now", "opens"),
    [
        # Clocks go forward at 02:00 on 30 March 2025: nine is an hour earlier by UTC.
        ("Europe/Berlin", "2025-03-29T20:00+00:00", "2025-03-30T07:00+00:00"),
        ("Europe/Berlin", "2025-03-28T20:00+00:00", "2025-03-29T08:00+00:00"),
        # Clocks go back on 26 October 2025.
        ("Europe/Berlin", "2025-10-25T20:00+00:00", "2025-10-26T08:00+00:00"),
        ("Asia/Bangkok", "2025-10-25T20:00+00:00", "2025-10-26T02:00+00:00"),
    ],
)
def test_nine_in_the_morning_follows_the_customers_daylight_saving(
    zone: str, now: str, opens: str
) -> None:
    assert dispatch.next_opening(
        OFFICE, ZoneInfo(zone), datetime.fromisoformat(now)
    ) == datetime.fromisoformat(opens)


def test_an_opening_in_the_skipped_hour_comes_with_the_changed_clock() -> None:
    early = Window(time(2, 30), time(6))
    evening = datetime(2025, 3, 29, 20, tzinfo=UTC)
    opening = dispatch.next_opening(early, ZoneInfo("Europe/Berlin"), evening)
    assert opening == datetime(2025, 3, 30, 1, 30, tzinfo=UTC)  # 03:30 there: 02:30 never came


def test_an_opening_in_the_repeated_hour_is_found_twice() -> None:
    berlin, early = ZoneInfo("Europe/Berlin"), Window(time(2, 30), time(6))
    before = datetime(2025, 10, 25, 23, tzinfo=UTC)
    first = dispatch.next_opening(early, berlin, before)
    assert first == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    back_again = datetime(2025, 10, 26, 1, 10, tzinfo=UTC)  # 02:10 for the second time
    assert dispatch.next_opening(early, berlin, back_again) == back_again + timedelta(minutes=20)


def test_a_window_may_run_over_midnight() -> None:
    night = Window(time(22), time(6))
    assert night.contains(time(23))
    assert night.contains(time(5, 59))
    assert not night.contains(time(6))


@pytest.mark.parametrize("text", ["9-18", "09:00-25:00", "", "09:00–18:00", "09:00-09:00"])
def test_a_malformed_window_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="always"):
        dispatch.parse_window(text)


def test_a_window_is_read_and_always_is_none() -> None:
    assert dispatch.parse_window("09:00-18:00") == OFFICE
    assert str(OFFICE) == "09:00-18:00"
    assert dispatch.parse_window("always") is None


# --- order of reasons ----------------------------------------------------------------------------


def test_a_suppression_outranks_everything() -> None:
    standing = Standing(
        suppressed="opted out", consent_missing="no follow", stale="renewed", window=OFFICE
    )
    assert decide(standing, NOON) == End(MessageStatus.SUPPRESSED, "opted out")


def test_without_consent_a_message_is_skipped() -> None:
    verdict = decide(Standing(consent_missing="no follow", stale="renewed"), NOON)
    assert verdict == End(MessageStatus.SKIPPED, "no follow")


def test_a_stale_message_waits_for_a_person() -> None:
    verdict = decide(Standing(stale="contract renewed", window=None), NOON)
    assert isinstance(verdict, Wait)
    assert verdict.until is None
    assert "contract renewed" in verdict.reason


def test_waiting_says_whose_clock_it_goes_by() -> None:
    evening = datetime(2025, 9, 15, 13, tzinfo=UTC)  # 20:00 in Bangkok
    zone = ZoneInfo("Asia/Bangkok")
    known = Standing(window=OFFICE, zone=zone, zone_name="Asia/Bangkok")
    unknown = Standing(window=OFFICE, zone=zone, zone_name="Asia/Bangkok", zone_known=False)
    for standing, default in ((known, False), (unknown, True)):
        verdict = decide(standing, evening)
        assert isinstance(verdict, Wait)
        assert verdict.until == datetime(2025, 9, 16, 2, tzinfo=UTC)
        assert "09:00-18:00 in Asia/Bangkok" in verdict.reason
        assert ("our default" in verdict.reason) is default


# --- permits -------------------------------------------------------------------------------------


@given(limit=st.integers(0, 5000), used=st.integers(0, 6000), wanted=st.integers(0, 600))
def test_used_and_granted_together_never_exceed_the_limit(
    limit: int, used: int, wanted: int
) -> None:
    granted = dispatch.permits(Quota(limit=limit, window_s=3600), used, wanted)
    assert 0 <= granted <= wanted
    assert granted == 0 or used + granted <= limit
    # Nor is anything kept back that could go.
    assert granted == min(wanted, max(0, limit - used))


def test_a_limit_per_request_caps_one_claim_and_nothing_more() -> None:
    assert dispatch.permits(Quota(limit=500, window_s=0), 10_000, 800) == 500


def test_a_dry_lane_waits_for_a_share_of_its_quota() -> None:
    assert dispatch.refill(Quota(limit=1000, window_s=86400), 200) == 50
    assert dispatch.refill(Quota(limit=100, window_s=3600), 2) == 2
    assert dispatch.refill(Quota(limit=3, window_s=3600), 200) == 1


# --- retries -------------------------------------------------------------------------------------


def refused(retry_after_s: float | None) -> Refused:
    return Refused(reason=Reason(kind=ReasonClass.TRANSIENT), retry_after_s=retry_after_s)


def test_a_final_no_is_not_tried_again() -> None:
    assert dispatch.retry_at(refused(None), [], NOON) is None


def test_each_retry_waits_longer_up_to_four_hours() -> None:
    waits = []
    for tries in range(7):
        again = dispatch.retry_at(refused(300), [NOON] * tries, NOON)
        assert again is not None
        waits.append((again - NOON).total_seconds())
    assert waits == [300, 900, 2700, 8100, 14400, 14400, 14400]


def test_a_longer_wait_that_the_provider_asks_for_is_kept() -> None:
    again = dispatch.retry_at(refused(86400), [NOON], NOON)
    assert again == NOON + timedelta(days=1)


def test_after_two_days_a_message_is_given_up() -> None:
    first = NOON - timedelta(hours=48)
    assert dispatch.retry_at(refused(300), [first], NOON) is None
    assert dispatch.retry_at(refused(300), [first + timedelta(seconds=1)], NOON) is not None


def test_on_a_holiday_the_window_does_not_open_by_the_customers_own_clock() -> None:
    bangkok, tokyo = ZoneInfo("Asia/Bangkok"), ZoneInfo("Asia/Tokyo")
    window = Window(time(9), time(18), frozenset({date(2025, 12, 5), date(2025, 12, 6)}))
    morning = datetime(2025, 12, 5, 10, tzinfo=bangkok)
    assert not dispatch.is_open(window, bangkok, morning)
    assert dispatch.next_opening(window, bangkok, morning) == datetime(
        2025, 12, 7, 9, tzinfo=bangkok
    )
    before = datetime(2025, 12, 4, 23, 30, tzinfo=bangkok)  # in Tokyo the holiday has begun
    assert dispatch.next_opening(window, tokyo, before) == datetime(2025, 12, 7, 9, tzinfo=tokyo)


def test_a_public_holiday_of_the_customers_country_opens_the_day_after() -> None:
    on_friday = datetime(2025, 12, 5, 5, 0, tzinfo=UTC)  # a holiday in Thailand, and a Friday
    days = {("Thailand", 2025): frozenset({date(2025, 12, 5)})}
    days_off = dispatch.holidays_of("Thailand", lambda *of: days.get(of), on_friday)
    window = Window(time(9), time(18)).without(days_off)
    zone = ZoneInfo("Asia/Bangkok")
    verdict = decide(Standing(window=window, zone=zone, zone_name="Asia/Bangkok"), on_friday)
    assert verdict == Wait(datetime(2025, 12, 6, 2, 0, tzinfo=UTC), "a holiday in Asia/Bangkok")


@pytest.mark.parametrize("country", ["", "Atlantis"])
def test_a_country_that_is_not_known_has_no_holidays(country: str) -> None:
    window = Window(time(9), time(18))
    days_off = dispatch.holidays_of(country, lambda *_: None, datetime(2025, 1, 1, tzinfo=UTC))
    assert window.without(days_off) == window
