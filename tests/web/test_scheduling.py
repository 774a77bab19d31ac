"""When a campaign goes: by itself after its approval, at a time of day where each customer is."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient
from tests.web.conftest import SignIn
from tests.web.houses import PEOPLE, created, notice_after, text_of

from campaigns.bootstrap import Services
from campaigns.model.access import SYSTEM, Actor, Scope
from campaigns.model.campaign import CampaignStatus, LocalTime
from campaigns.model.errors import NotAllowed, Stale
from campaigns.model.ids import CampaignId
from campaigns.model.message import MessageStatus as M
from campaigns.store import tables as t

AUTHOR = Actor(name=PEOPLE["manager"][0], scopes=frozenset({Scope.COMPOSE, Scope.SEND}))
APPROVER = Actor(name=PEOPLE["approver"][0], scopes=frozenset({Scope.APPROVE}))
EVERYWHERE = "Announce our new playlists to all customers"
TEN = time(10)
AT_TEN = LocalTime(at=TEN)
BANGKOK = "Asia/Bangkok"


def waiting(house: Services, local: LocalTime | None = AT_TEN) -> CampaignId:
    """A campaign to customers in several time zones that waits for its approval."""
    campaign, _ = house.drafts.create(EVERYWHERE, AUTHOR)
    house.approvals.submit(campaign.id, AUTHOR, "", local)
    return campaign.id


def approved(house: Services, starts: time | None = TEN) -> CampaignId:
    campaign_id = waiting(house)
    shown = house.drafts.get(campaign_id).content_hash
    house.approvals.approve(campaign_id, shown, APPROVER, "", starts)
    return campaign_id


def begun(house: Services, campaign_id: CampaignId) -> None:
    """Have the time of a scheduled campaign come."""
    with house.store.engine.begin() as c:
        due = house.clock.now() - timedelta(seconds=1)
        here = t.campaigns.c.id == campaign_id
        c.execute(update(t.campaigns).where(here).values(schedule_at=due))
    house.sends.begin_due()


def test_submitting_asks_what_comes_after_the_approval(house: Services, signed_in: SignIn) -> None:
    manager = signed_in("manager")
    campaign_id = created(manager)
    page = manager.get(f"/campaigns/{campaign_id}/edit").text
    assert re.search(r'name="then" value="wait" checked>Wait for me to press Send', page)
    assert "Send at 10:00 in each customer’s time zone" in page
    answer = manager.post(f"/campaigns/{campaign_id}/submit", data={"then": "local"})
    assert answer.headers["location"] == f"/campaigns/{campaign_id}"
    assert house.drafts.get(CampaignId(campaign_id)).local_time == LocalTime(at=TEN)
    shown = text_of(manager.get(f"/campaigns/{campaign_id}").text)
    assert "Once approved it goes by itself at 10:00 in each customer’s time zone" in shown


def test_an_approval_that_shows_the_start_schedules_it_and_sends_nothing_yet(
    house: Services, signed_in: SignIn
) -> None:
    campaign_id = waiting(house)
    approver = signed_in("approver")
    page = approver.get(f"/campaigns/{campaign_id}/review").text
    said = text_of(page)
    assert "An approval also schedules it, at 10:00 in each customer’s time zone" in said
    assert re.search(r"First (\d+ Sep )?10:00 [A-Z]\w+, last 16 Sep 10:00 [A-Z]\w+", said)
    assert "No test has arrived, so it goes without one." in said
    form = dict(re.findall(r'name="(content_hash|starts)" value="([\w:]+)"', page))
    answer = approver.post(f"/campaigns/{campaign_id}/approve", data=form)
    assert "It starts by itself" in notice_after(approver, answer.headers["location"])
    campaign = house.drafts.get(campaign_id)
    assert campaign.status is CampaignStatus.SCHEDULED
    assert campaign.schedule_at is not None
    assert campaign.schedule_at > house.clock.now()
    assert {m.status for m in house.drafts.messages(campaign_id, "", 500)[0]} == {M.APPROVED}
    shown = text_of(approver.get(f"/campaigns/{campaign_id}").text)
    assert "goes at 10:00 in each customer’s time zone, the first " in shown
    assert f"skipped by {APPROVER.name}" in shown


def test_every_message_waits_for_ten_where_its_customer_is(house: Services) -> None:
    campaign_id = approved(house)
    begun(house, campaign_id)
    with house.store.engine.connect() as c:
        rows = c.execute(
            select(t.messages.c.not_before, t.messages.c.record["timezone"].as_string()).where(
                t.messages.c.campaign_id == campaign_id
            )
        ).all()
    assert len({zone for _, zone in rows}) > 2
    clocks = {at.astimezone(ZoneInfo(zone or BANGKOK)).time() for at, zone in rows}
    assert clocks == {TEN}
    assert all(at > house.clock.now() for at, _ in rows)
    lanes = house.outlook.waiting(campaign_id)
    assert {w.reason for w in lanes} == {"waits for 10:00 by the customer's own clock"}
    house.sends.cancel(campaign_id, AUTHOR)


def test_who_was_shown_no_start_approves_none(house: Services) -> None:
    campaign_id = approved(house, starts=None)
    campaign = house.drafts.get(campaign_id)
    assert (campaign.status, campaign.schedule_at) == (CampaignStatus.APPROVED, None)
    assert campaign.local_time is None


def test_a_start_that_was_taken_back_meanwhile_is_not_approved(
    house: Services, signed_in: SignIn
) -> None:
    campaign_id = waiting(house)
    manager = signed_in("manager")
    answer = manager.post(f"/campaigns/{campaign_id}/hold-back")
    assert "waits for somebody to press Send" in notice_after(manager, answer.headers["location"])
    shown = house.drafts.get(campaign_id).content_hash
    with pytest.raises(Stale):
        house.approvals.approve(campaign_id, shown, APPROVER, "", TEN)
    form = {"content_hash": shown, "starts": "10:00"}
    approver = signed_in("approver")
    answer = approver.post(f"/campaigns/{campaign_id}/approve", data=form)
    assert answer.headers["location"].endswith("/review")
    assert house.drafts.get(campaign_id).status is CampaignStatus.IN_REVIEW
    assert signed_in("viewer").post(f"/campaigns/{campaign_id}/hold-back").status_code == 403


def test_a_scheduled_campaign_is_unscheduled_and_waits(house: Services, signed_in: SignIn) -> None:
    campaign_id = approved(house)
    signed_in("manager").post(f"/campaigns/{campaign_id}/reschedule")
    campaign = house.drafts.get(campaign_id)
    assert campaign.status is CampaignStatus.APPROVED
    assert (campaign.schedule_at, campaign.local_time) == (None, None)


def test_only_who_may_send_submits_what_goes_by_itself(house: Services) -> None:
    campaign, _ = house.drafts.create(EVERYWHERE, SYSTEM)
    writer = Actor(name="writer", scopes=frozenset({Scope.COMPOSE}))
    with pytest.raises(NotAllowed):
        house.approvals.submit(campaign.id, writer, "", LocalTime(at=TEN))


def test_a_start_submitted_before_is_the_one_offered_again(
    house: Services, signed_in: SignIn
) -> None:
    campaign_id = waiting(house, LocalTime(at=time(14, 30)))
    house.approvals.reject(campaign_id, "shorter", APPROVER)
    manager = signed_in("manager")
    page = manager.get(f"/campaigns/{campaign_id}/edit").text
    assert "Send at 14:30 in each customer’s time zone" in page
    size = {"confirm": str(len(house.drafts.messages(campaign_id, "", 500)[0]))}
    manager.post(f"/campaigns/{campaign_id}/submit", data={"then": "local"} | size)
    assert house.drafts.get(campaign_id).local_time == LocalTime(at=time(14, 30))


def test_a_campaign_submitted_again_without_a_start_has_none(house: Services) -> None:
    campaign_id = waiting(house)
    house.approvals.reject(campaign_id, "shorter", APPROVER)
    house.approvals.submit(campaign_id, AUTHOR)
    assert house.drafts.get(campaign_id).local_time is None


# --- the schedule dialog --------------------------------------------------------------------------


def ready(house: Services) -> CampaignId:
    return approved(house, starts=None)


def asked(client: TestClient, campaign_id: str, **when: str) -> str:
    return text_of(client.get(f"/campaigns/{campaign_id}/schedule", params=when).text)


def test_the_preview_is_what_the_forecast_says_of_the_time_chosen(
    house: Services, signed_in: SignIn
) -> None:
    campaign_id = ready(house)
    viewer = signed_in("viewer")
    own = asked(viewer, campaign_id, day="2025-09-20", at="10:00", clock="customer")
    assert re.match(r"First 20 Sep 10:00 [A-Z]\w+, last 20 Sep 10:00 [A-Z]\w+", own)
    assert "Held by" not in own  # all of it leaves when it was asked to
    ours = asked(viewer, campaign_id, day="2025-09-20", at="10:00", clock="house")
    assert re.match(r"First 20 Sep 1\d:00 [A-Z]\w+, last 2[01] Sep \d\d:00 [A-Z]\w+", ours)
    assert "Held by the send window 09:00-18:00" in ours
    instant = datetime(2025, 9, 20, 10, tzinfo=ZoneInfo(BANGKOK))
    departures = house.outlook.pace(campaign_id, instant).departures
    assert departures[0].at == instant
    assert sum(d.messages for d in departures) == len(
        house.drafts.messages(campaign_id, "", 500)[0]
    )
    assert asked(viewer, campaign_id, day="2025-09-14", at="10:00") == "That time is past."
    night = asked(viewer, campaign_id, day="2025-09-20", at="22:00", clock="customer")
    assert "22:00 is outside the send window 09:00-18:00: choose a time in it" in night
    past = asked(viewer, campaign_id, day="2025-09-14", at="10:00", clock="customer")
    assert "2025-09-14 is past: choose 2025-09-15 or later" in past
    assert asked(viewer, campaign_id, day="soon", at="") != ""
    assert house.drafts.get(campaign_id).schedule_at is None


def test_a_day_and_time_where_each_customer_is_can_be_chosen_and_changed(
    house: Services, signed_in: SignIn
) -> None:
    campaign_id, manager = ready(house), signed_in("manager")
    form = {"day": "2025-09-20", "at": "14:30", "clock": "customer", "why": "a known text"}
    refused = manager.post(f"/campaigns/{campaign_id}/schedule", data={**form, "why": ""})
    assert "Send the test first" in notice_after(manager, refused.headers["location"])
    assert manager.post(f"/campaigns/{campaign_id}/schedule", data=form).status_code == 403
    approver = signed_in("approver")
    approver.post(f"/campaigns/{campaign_id}/schedule", data=form)
    campaign = house.drafts.get(campaign_id)
    assert campaign.status is CampaignStatus.SCHEDULED
    assert campaign.local_time is not None
    assert (campaign.local_time.on, campaign.local_time.at) == (date(2025, 9, 20), time(14, 30))
    page = manager.get(f"/campaigns/{campaign_id}").text
    assert 'value="14:30"' in page
    assert re.search(r'value="customer" checked', page)
    moved = {"day": "2025-09-22", "at": "09:15", "clock": "house"}
    answer = manager.post(f"/campaigns/{campaign_id}/reschedule", data=moved)
    said = notice_after(manager, answer.headers["location"])
    assert said == "The time is changed. The first message leaves 22 Sep 09:15."
    campaign = house.drafts.get(campaign_id)
    assert campaign.schedule_at == datetime(2025, 9, 22, 9, 15, tzinfo=ZoneInfo(BANGKOK))
    assert campaign.local_time is None


def test_a_time_that_is_past_sends_nothing(house: Services, signed_in: SignIn) -> None:
    campaign_id = ready(house)
    form = {"day": "2025-09-01", "at": "10:00", "clock": "house", "why": "a known text"}
    approver = signed_in("approver")
    answer = approver.post(f"/campaigns/{campaign_id}/schedule", data=form)
    assert notice_after(approver, answer.headers["location"]) == "That time is past."
    assert house.drafts.get(campaign_id).status is CampaignStatus.APPROVED


def test_the_dialog_opens_with_the_time_the_request_asks_for(
    house: Services, signed_in: SignIn
) -> None:
    campaign, _ = house.drafts.create(
        "Send renewal reminders to all Hiltons in Thailand expiring this quarter tomorrow at 15:00",
        AUTHOR,
    )
    assert campaign.plan.send_at is not None
    house.approvals.submit(campaign.id, AUTHOR)
    shown = house.drafts.get(campaign.id).content_hash
    house.approvals.approve(campaign.id, shown, APPROVER)
    page = signed_in("manager").get(f"/campaigns/{campaign.id}").text
    assert 'value="2025-09-16"' in page
    assert 'value="15:00"' in page
    assert re.search(r'value="house" checked', page)
