"""Thousands of messages: how many days they take, day by day, and their number typed."""

import re

import pytest
from tests.web import rows
from tests.web.conftest import SignIn
from tests.web.houses import created, notice_after, text_of

from campaigns.bootstrap import Services
from campaigns.model.campaign import CampaignStatus

REQUEST = "Send a seasonal offer for Christmas to all customers by WhatsApp, LINE and email"


@pytest.fixture(scope="module")
def large(house: Services, signed_in: SignIn) -> str:
    campaign_id = created(signed_in("manager"), REQUEST)
    rows.grow(house, campaign_id)
    return campaign_id


def test_the_composer_says_how_many_days_it_takes_as_the_forecast_does(
    house: Services, signed_in: SignIn, large: str
) -> None:
    page = signed_in("manager").get(f"/campaigns/{large}/edit").text
    said = re.search(r"<strong>Takes (\d+) days at current limits</strong>", page)
    assert said
    table = re.search(r'aria-label="Messages by day">(.*?)</table>', page, re.DOTALL)
    assert table
    days = re.findall(r"<tr><td>(.*?)</td><td class=\"num\">([\d,]+)</td>", table[1])
    pace = house.outlook.pace(large)
    zone = house.clock.local_now().tzinfo
    first, last = (d.at.astimezone(zone).date() for d in (pace.departures[0], pace.departures[-1]))
    assert int(said[1]) == (last - first).days + 1
    assert len(days) <= int(said[1])
    found = house.desk.composition(large, 1, None)
    assert sum(int(n.replace(",", "")) for _, n in days) == found.messages
    dialog = text_of(page[page.index('<dialog id="submit"') :])
    assert re.search(r"Takes \d+ days at current limits: [\d,]+ on \d+ Sep, ", dialog)
    assert f"Type {found.messages} to confirm" in dialog


def test_so_many_are_submitted_only_with_their_number(
    house: Services, signed_in: SignIn, large: str
) -> None:
    manager = signed_in("manager")
    messages = house.desk.composition(large, 1, None).messages
    answer = manager.post(f"/campaigns/{large}/submit", data={"confirm": str(messages - 1)})
    assert f"Type {messages} to confirm" in notice_after(manager, answer.headers["location"])
    assert house.drafts.get(large).status is CampaignStatus.DRAFT


def test_a_few_messages_say_that_they_are_within_the_limits(signed_in: SignIn) -> None:
    manager = signed_in("manager")
    campaign_id = created(manager, "Send renewal reminders to all Hiltons in Thailand by email")
    page = manager.get(f"/campaigns/{campaign_id}/edit").text
    assert "Within today’s limits" in page
    assert "Messages by day" not in page
