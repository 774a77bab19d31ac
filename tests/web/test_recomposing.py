"""The book says something else since a draft was composed: what, and only that written anew."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.web.houses import PASSWORD, chosen, email_of, notice_after, populate, text_of

from campaigns.app import create_app
from campaigns.bootstrap import Services, opened
from campaigns.model.access import SYSTEM
from campaigns.model.campaign import CampaignStatus
from campaigns.model.ids import CampaignId
from campaigns.model.message import Message, MessageStatus

REQUEST = "Send renewal reminders to all Hiltons in Thailand expiring this quarter by email"
PATTAYA = "hilton-pattaya"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Services]:
    with opened(chosen(tmp_path), in_memory=True) as services:
        populate(services)
        yield services


@pytest.fixture
def manager(house: Services) -> TestClient:
    client = TestClient(create_app(house), follow_redirects=False)
    client.post("/login", data={"email": email_of("manager"), "password": PASSWORD})
    return client


@pytest.fixture
def draft(house: Services) -> CampaignId:
    return house.drafts.create(REQUEST, SYSTEM)[0].id


def messages(house: Services, campaign_id: CampaignId) -> dict[str, Message]:
    return {m.customer_id: m for m in house.drafts.messages(campaign_id, "", 500)[0]}


def say(house: Services, key: str, value: str, customer: str = PATTAYA) -> None:
    house.editing.set_value(customer, key, value, SYSTEM)


def test_a_draft_that_the_book_still_agrees_with_says_nothing(
    house: Services, manager: TestClient, draft: CampaignId
) -> None:
    page = manager.get(f"/campaigns/{draft}/edit").text
    assert "The customer book says something else" not in page
    say(house, "Hardware Type", "Soundtrack Player")  # nothing a message states
    assert "something else" not in manager.get(f"/campaigns/{draft}/edit").text
    assert manager.post(f"/campaigns/{draft}/recompose").status_code == 409


def test_what_changed_is_said_and_only_that_is_recomposed(
    house: Services, manager: TestClient, draft: CampaignId
) -> None:
    before = messages(house, draft)
    say(house, "Contract End", "2025-11-20")
    page = manager.get(f"/campaigns/{draft}/edit").text
    said = text_of(page)
    assert "The customer book says something else than 1 customer would read" in said
    assert re.search(r"Hilton Pattaya\s*: contract end was .* and is 20 Nov 2025", said)
    assert "Recompose 1 changed" in said
    answer = manager.post(f"/campaigns/{draft}/recompose")
    assert notice_after(manager, answer.headers["location"]) == "1 customer recomposed."
    after = messages(house, draft)
    assert {i for i in before if before[i] != after[i]} == {PATTAYA}
    assert re.search("20 November|November 20", after[PATTAYA].text)
    assert after[PATTAYA].id == before[PATTAYA].id
    page = manager.get(f"/campaigns/{draft}/edit").text
    assert "something else" not in page
    assert "20 Nov 2025" in page  # the list of customers says it too
    trail, _ = house.access.audit(f"campaign:{draft}", "", 1)
    assert (trail[0].action, trail[0].detail["customers"]) == ("campaign.recomposed", [PATTAYA])


def test_words_changed_by_hand_stay_and_are_checked_against_the_book_as_it_is(
    house: Services, manager: TestClient, draft: CampaignId
) -> None:
    mine = messages(house, draft)[PATTAYA]
    words = mine.text + "\n\nThank you."
    house.edits.edit(draft, mine.id, {"text": words}, SYSTEM)
    say(house, "Contract End", "2025-11-20")
    assert "edited by hand" in text_of(manager.get(f"/campaigns/{draft}/edit").text)
    answer = manager.post(f"/campaigns/{draft}/recompose")
    said = notice_after(manager, answer.headers["location"])
    assert "1 with words changed by hand kept them and were checked again" in said
    assert "1 message needs a fix" in said
    after = messages(house, draft)[PATTAYA]
    assert (after.text, after.edited) == (words, True)
    assert after.status is MessageStatus.BLOCKED  # it states the old day


def test_who_no_longer_matches_is_not_recomposed_but_looked_for_again(
    house: Services, manager: TestClient, draft: CampaignId
) -> None:
    say(house, "Contract End", "2027-11-20")
    mine = messages(house, draft)[PATTAYA]
    house.edits.edit(draft, mine.id, {"text": mine.text + "\n\nThank you."}, SYSTEM)
    said = text_of(manager.get(f"/campaigns/{draft}/edit").text)
    assert "no longer in the audience" in said
    assert "Find the audience again" in said
    assert "Recompose" not in said
    assert PATTAYA in messages(house, draft)
    answer = manager.post(f"/campaigns/{draft}/audience")
    notice = notice_after(manager, answer.headers["location"])
    assert "With words changed by hand, and out: Hilton Pattaya." in notice
    assert PATTAYA not in messages(house, draft)


def test_recomposing_voids_an_approval_and_a_viewer_may_not(
    house: Services, manager: TestClient, draft: CampaignId
) -> None:
    house.approvals.submit(draft, SYSTEM)
    house.approvals.approve(draft, house.drafts.get(draft).content_hash, SYSTEM)
    say(house, "Contract End", "2025-11-20")
    manager.post(f"/campaigns/{draft}/recompose")
    campaign = house.drafts.get(draft)
    assert (campaign.status, campaign.approval) == (CampaignStatus.DRAFT, None)
    assert {m.status for m in messages(house, draft).values()} == {MessageStatus.VERIFIED}
    house.approvals.submit(draft, SYSTEM)
    house.approvals.approve(draft, campaign.content_hash, SYSTEM)
    manager.post("/logout")
    manager.post("/login", data={"email": email_of("viewer"), "password": PASSWORD})
    assert manager.post(f"/campaigns/{draft}/recompose").status_code == 403
