"""The review: whom our default clock stands for, what is worth a look, and when it has expired."""

import re
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import update
from starlette.testclient import TestClient
from tests.web.houses import submitted, text_of

from campaigns.bootstrap import Services
from campaigns.model.access import SYSTEM
from campaigns.model.campaign import CampaignStatus
from campaigns.model.ids import CampaignId
from campaigns.store import tables as t


def test_customers_without_a_known_zone_are_named_before_the_approval(
    house: Services, signed_in: Callable[[str], TestClient]
) -> None:
    campaign, _ = house.drafts.create("Announce our new playlists to all customers", SYSTEM)
    house.approvals.submit(campaign.id, SYSTEM)
    expected = house.outlook.forecast(campaign.id)
    assert expected.without_zone
    shown = signed_in("approver").get(f"/campaigns/{campaign.id}/review").text
    assert f"{expected.default_zone} stands in for time zones that are not known" in shown
    assert next(iter(expected.without_zone)).split("&")[0] in shown
    assert expected.without_holidays == {}  # on a frozen day no holidays count


def waited(house: Services, campaign_id: str, days: int) -> None:
    """Have a campaign wait since so many days ago."""
    since = house.clock.now() - timedelta(days=days)
    with house.store.engine.begin() as c:
        c.execute(
            update(t.campaigns).where(t.campaigns.c.id == campaign_id).values(updated_at=since)
        )


def test_a_campaign_that_waited_a_week_is_not_approved_but_submitted_again(
    house: Services, signed_in: Callable[[str], TestClient]
) -> None:
    manager, approver = signed_in("manager"), signed_in("approver")
    campaign_id = submitted(manager)
    at = f"/campaigns/{campaign_id}"
    shown = house.drafts.get(CampaignId(campaign_id)).content_hash
    waited(house, campaign_id, 8)
    assert "expired after 7 days" in text_of(approver.get("/approvals").text)
    page = text_of(approver.get(f"{at}/review").text)
    assert "It expired after 7 days without a decision. Submit it again" in page
    assert not re.search(r"Approve \d+ messages?", page)
    assert approver.post(f"{at}/approve", data={"content_hash": shown}).status_code == 409
    assert house.drafts.get(CampaignId(campaign_id)).status is CampaignStatus.IN_REVIEW
    assert "Submit again" in text_of(manager.get(f"{at}/review").text)
    assert "Submit again" not in text_of(signed_in("viewer").get(f"{at}/review").text)
    assert manager.post(f"{at}/submit").headers["location"] == at
    page = text_of(approver.get(f"{at}/review").text)
    assert re.search(r"Approve \d+ messages?", page)
    assert approver.post(f"{at}/approve", data={"content_hash": shown}).headers["location"] == at


def test_what_was_submitted_lately_is_not_submitted_twice(
    house: Services, signed_in: Callable[[str], TestClient]
) -> None:
    manager = signed_in("manager")
    campaign_id = submitted(manager)
    waited(house, campaign_id, 6)
    assert manager.post(f"/campaigns/{campaign_id}/submit").status_code == 409


def test_customers_added_by_hand_are_a_mark_in_the_list_of_approvals(
    house: Services, signed_in: Callable[[str], TestClient]
) -> None:
    manager = signed_in("manager")
    campaign, audience = house.drafts.create("Renewal reminders to all Hiltons in Thailand", SYSTEM)
    inside = {m.customer_id for m in audience.members}
    other = next(c for c in house.customers.page("", "", 100)[0] if c.id not in inside)
    form = {"customer_id": other.id, "include": "1", "added": "1"}
    manager.post(f"/campaigns/{campaign.id}/customers", data=form)
    house.approvals.submit(campaign.id, SYSTEM)
    assert "1 added by hand" in text_of(signed_in("approver").get("/approvals").text)
