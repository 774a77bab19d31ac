"""A time of day where each customer is: who waits until when, on every database."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.sending import NOON, message, plant

from campaigns.flow.dispatch import instant_of, parse_window
from campaigns.model.campaign import LocalTime
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId
from campaigns.model.message import MessageStatus as S
from campaigns.orchestrator.hours import Hours
from campaigns.sender import zone_named
from campaigns.store import SqlStore

ID = CampaignId("c_1")
TEN, TODAY = time(10), NOON.date()
BANGKOK, SYDNEY, LONDON = "Asia/Bangkok", "Australia/Sydney", "Europe/London"
HOURS = Hours(window=None, default_zone=BANGKOK, zone_named=zone_named)


def test_messages_are_counted_by_channel_zone_and_country(store: SqlStore) -> None:
    written = [message(1), message(2), message(3, timezone=""), message(4, Channel.LINE)]
    plant(store, [*written, message(5, is_test=True), message(6, status=S.APPROVED)])
    with store.read() as tx:
        places = tx.messages.places(ID, [S.QUEUED])
    assert {(ch, zone): n for (ch, zone, _), n in places.items()} == {
        (Channel.EMAIL, BANGKOK): 2,
        (Channel.EMAIL, ""): 1,
        (Channel.LINE, BANGKOK): 1,
    }


def test_each_waits_for_the_time_where_its_customer_is(store: SqlStore) -> None:
    zones = {1: BANGKOK, 2: SYDNEY, 3: LONDON, 4: "", 5: "Nowhere/Land"}
    plant(store, [message(n, timezone=zone, not_before=NOON) for n, zone in zones.items()])
    local = LocalTime(at=TEN, since=NOON)
    with store.begin() as tx:
        HOURS.put_off(tx, ID, local, NOON)
        found = {m.timezone: m for m in tx.messages.all(ID)}
    for zone, m in found.items():
        clock = ZoneInfo(zone if zone in (BANGKOK, SYDNEY, LONDON) else BANGKOK)
        assert m.not_before is not None
        assert m.not_before.astimezone(clock).time() == TEN
        assert NOON <= m.not_before < NOON + timedelta(days=1)
        assert m.reason == "waits for 10:00 by the customer's own clock"


def test_nobody_is_written_to_sooner_than_before(store: SqlStore) -> None:
    later = NOON + timedelta(days=3)
    plant(store, [message(1, not_before=later)])
    with store.begin() as tx:
        HOURS.put_off(tx, ID, LocalTime(at=TEN, since=NOON), NOON)
        [kept] = tx.messages.all(ID)
    assert kept.not_before == later


def test_a_campaign_begins_with_the_first_of_them(store: SqlStore) -> None:
    plant(store, [message(1, status=S.APPROVED), message(2, timezone=SYDNEY, status=S.APPROVED)])
    local = LocalTime(at=TEN, on=date(2025, 12, 1), since=NOON)
    with store.read() as tx:
        campaign = tx.campaigns.get(ID)
        assert campaign is not None
        timed = HOURS.timed(tx, campaign, local, NOON)
    assert timed.schedule_at == datetime(2025, 12, 1, 10, tzinfo=ZoneInfo(SYDNEY))
    assert timed.local_time == local


def faults(window: str, at: time, on: date | None = None) -> dict[str, str]:
    hours = replace(HOURS, window=parse_window(window))
    return {f.pointer: f.detail for f in hours.faults(None, LocalTime(at=at, on=on), TODAY)}


def test_a_time_at_which_nothing_may_leave_names_the_way_out() -> None:
    [outside] = faults("09:00-18:00", time(18)).values()
    assert outside == (
        "18:00 is outside the send window 09:00-18:00: choose a time in it, or change "
        "CAMPAIGNS_SEND_WINDOW"
    )
    late = faults("09:00-18:00", time(22), TODAY - timedelta(days=1))
    assert set(late) == {"/local_time/at", "/local_time/on"}
    assert f"choose {TODAY} or later" in late["/local_time/on"]
    assert "years away" in faults("always", TEN, date.max)["/local_time/on"]


def test_any_other_time_is_accepted() -> None:
    for window, at in (("09:00-18:00", time(9)), ("22:00-02:00", time(1)), ("always", time(3))):
        assert faults(window, at, TODAY) == {}
    hours = replace(HOURS, window=parse_window("09:00-18:00"))
    assert hours.faults(None, None, TODAY) == []


def test_an_instant_years_away_is_refused() -> None:
    [fault] = HOURS.faults(datetime.max.replace(tzinfo=UTC), None, TODAY)
    assert (fault.pointer, "choose a day until" in fault.detail) == ("/schedule_at", True)


@pytest.mark.parametrize(
    ("window", "morning"),
    [("09:00-18:00", TEN), ("always", TEN), ("13:00-18:00", time(13)), ("22:00-02:00", time(22))],
)
def test_the_morning_is_an_hour_at_which_something_may_leave(window: str, morning: time) -> None:
    hours = replace(HOURS, window=parse_window(window))
    assert hours.morning == morning
    assert faults(window, hours.morning) == {}


@given(
    st.sampled_from([BANGKOK, SYDNEY, LONDON, "America/Sao_Paulo", "Pacific/Kiritimati"]),
    st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    st.times(),
    st.none() | st.dates(date(2025, 1, 1), date(2026, 12, 31)),
)
def test_it_is_never_before_the_decision_nor_more_than_a_day_after_the_first_it_may_be(
    zone: str, since: datetime, at: time, on: date | None
) -> None:
    clock = ZoneInfo(zone)
    found = instant_of(LocalTime(at=at, on=on, since=since), clock, since)
    assert found >= since
    here = found.astimezone(clock)
    earliest = max(on or since.astimezone(clock).date(), since.astimezone(clock).date())
    assert earliest <= here.date() <= earliest + timedelta(days=1)
    skipped = datetime.combine(here.date(), at, clock).astimezone(UTC).astimezone(clock)
    assert here == skipped
