"""A campaign's page says what has happened, and nothing that has not."""

import re
from datetime import timedelta

import pytest
from tests.web import rows
from tests.web.conftest import SignIn
from tests.web.houses import PEOPLE, approved, created, submitted, text_of

from campaigns.bootstrap import Services
from campaigns.model.access import Actor, Scope
from campaigns.model.campaign import CampaignStatus
from campaigns.model.message import MessageStatus as M
from campaigns.web.screens.followups import silent_of

AUTHOR = Actor(name=PEOPLE["manager"][0], scopes=frozenset({Scope.READ, Scope.SEND}))
APPROVER = Actor(name=PEOPLE["approver"][0], scopes=frozenset({Scope.APPROVE}))


def stages(page: str) -> list[tuple[str, str]]:
    """The stages of a page: state and name."""
    shown = re.search(r'<ol class="stages".*?</ol>', page, re.DOTALL)
    assert shown
    return re.findall(r'<li class="(\w+)"[^>]*><strong>(.*?)</strong>', shown[0])


@pytest.fixture
def ready(signed_in: SignIn) -> str:
    return approved(signed_in("manager"), signed_in("approver"))


def test_what_waits_for_approval_is_not_called_approved(signed_in: SignIn) -> None:
    manager = signed_in("manager")
    found = stages(manager.get(f"/campaigns/{submitted(manager)}").text)
    assert found[:3] == [
        ("done", "Composed"),
        ("current", "Waiting for approval"),
        ("ahead", "Test"),
    ]
    assert "Approved" not in dict(found).values()


def test_a_test_that_was_never_sent_is_not_called_delivered(
    house: Services, signed_in: SignIn, ready: str
) -> None:
    manager = signed_in("manager")
    assert stages(manager.get(f"/campaigns/{ready}").text)[1:4] == [
        ("done", "Approved"),
        ("current", "Test"),
        ("ahead", "Sending"),
    ]
    at = house.clock.now().replace(minute=30) + timedelta(days=1)
    house.sends.send(ready, AUTHOR, (), at)
    page = manager.get(f"/campaigns/{ready}").text
    assert stages(page)[2:4] == [("ahead", "No test sent"), ("current", "Scheduled")]
    chosen = at.astimezone(house.clock.local_now().tzinfo)
    assert f'value="{chosen:%Y-%m-%d}"' in page  # Change time begins where it stands
    assert f'value="{chosen:%H:%M}"' in page


def test_a_campaign_stopped_before_the_first_message_shows_that_nothing_left(
    house: Services, signed_in: SignIn, ready: str
) -> None:
    house.sends.cancel(ready, AUTHOR)
    page = signed_in("manager").get(f"/campaigns/{ready}").text
    assert stages(page)[3:] == [("current", "Stopped"), ("ahead", "Results")]
    words = text_of(page)
    assert re.search(r"Stopped 0 of \d+ ", words)
    assert re.search(r"Email 0 /(\d+) \1 not sent", words)
    assert "Nothing has been sent, so nobody has answered." in words
    assert "Most people answer" not in words


def test_messages_nobody_knows_of_do_not_count_as_sent_or_failed(
    house: Services, signed_in: SignIn, ready: str
) -> None:
    rows.doubt(house, ready)
    words = text_of(signed_in("manager").get(f"/campaigns/{ready}").text)
    assert re.search(r"Paused 0 of \d+ ", words)
    assert re.search(r"Email 0 /(\d+) \1 in doubt", words)
    assert "Held, in doubt or not delivered" in words


def test_every_failure_says_what_to_do_next_and_numbers_are_held_against_something(
    house: Services, signed_in: SignIn
) -> None:
    manager = signed_in("manager")
    campaign_id = created(manager)
    rows.halve(house, campaign_id, APPROVER)
    page = manager.get(f"/campaigns/{campaign_id}").text
    failures = re.search(r'id="fails".*?</section>', page, re.DOTALL)
    assert failures
    cells = re.findall(r"<tr>.*?</tr>", failures[0], re.DOTALL)[1:]
    assert cells
    assert all("Reach them another way" in text_of(row) for row in cells)
    numbers = re.search(r'aria-label="Key numbers">.*?</ul>', page, re.DOTALL)
    assert numbers
    assert text_of(numbers[0]).count("nobody so far") == 2


def test_a_follow_up_is_drafted_for_exactly_those_who_were_reached_and_said_nothing(
    house: Services, signed_in: SignIn
) -> None:
    manager = signed_in("manager")
    campaign_id = created(manager)
    rows.halve(house, campaign_id, APPROVER)
    reached, _ = house.progress.recipients(campaign_id, (M.DELIVERED, M.READ), None, 0, 1_000)
    answer = manager.post(f"/campaigns/{campaign_id}/follow-up")
    draft = re.findall(r"/campaigns/(c_\w+)/edit", answer.headers["location"])[0]
    members = house.drafts.audience(draft)[0].members
    assert {m.customer_id for m in members} == {m.customer_id for m in reached}
    answered = reached[0].customer_id
    assert set(silent_of(reached, {answered})) == {m.customer_id for m in reached} - {answered}
    assert house.drafts.get(draft).status is CampaignStatus.DRAFT
    assert signed_in("viewer").post(f"/campaigns/{campaign_id}/follow-up").status_code == 403


def test_a_row_of_the_list_offers_a_duplicate_to_those_who_may_write(signed_in: SignIn) -> None:
    manager = signed_in("manager")
    campaign_id = created(manager)
    row = f'popovertarget="menu-{campaign_id}"'
    mine, theirs = (signed_in(role).get("/campaigns").text for role in ("manager", "viewer"))
    assert row in mine
    assert row in theirs
    assert "Duplicate" in mine
    assert "Duplicate" not in theirs
