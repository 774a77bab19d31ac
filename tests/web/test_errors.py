"""What goes wrong is a page that says what, who can help, what changed, and keeps what was typed."""

import re

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import SignIn
from tests.web.houses import PASSWORD, PEOPLE, approved, created, submitted, text_of

from campaigns.bootstrap import Services
from campaigns.model.access import SYSTEM
from campaigns.model.errors import WrongState
from campaigns.model.ids import CampaignId
from campaigns.web.errors import THINGS
from campaigns.web.screens.trail import ABOUT

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
HILTON = "/customers/hilton-pattaya"


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/campaigns/c_none", "No such campaign"),
        ("/campaigns/c_none/edit", "No such campaign"),
        ("/customers/nobody", "No such customer"),
        ("/automations/a_none", "No such automation"),
        ("/inbox?f=all&sel=r_none", "Not found"),
        ("/nothing/here", "There is no such page"),
    ],
)
def test_what_does_not_exist_is_named(signed_in: SignIn, path: str, heading: str) -> None:
    answer = signed_in("manager").get(path)
    assert answer.status_code == 404
    assert f"<h1>{heading}</h1>" in answer.text
    assert "/api/" not in text_of(answer.text)


def test_who_may_not_is_told_who_can(signed_in: SignIn) -> None:
    answer = signed_in("viewer").get("/campaigns/new")
    words = text_of(answer.text)
    assert answer.status_code == 403
    assert "Your account may not write campaigns. Ask " in words
    assert PEOPLE["manager"][0].rstrip(".") in words


def test_a_state_that_changed_says_by_whom_and_offers_what_is_there_now(
    signed_in: SignIn,
) -> None:
    manager, approver = signed_in("manager"), signed_in("approver")
    campaign_id = submitted(manager)
    review = approver.get(f"/campaigns/{campaign_id}/review").text
    [shown] = re.findall(r'name="content_hash" value="(\w+)"', review)[:1]
    decision = {"content_hash": shown}
    reject = {"reason": "Leave out the pool bar"}
    sent_back = approver.post(f"/campaigns/{campaign_id}/reject", data=reject, headers=SAME_ORIGIN)
    assert sent_back.status_code == 303
    answer = signed_in("admin").post(
        f"/campaigns/{campaign_id}/approve", data=decision, headers=SAME_ORIGIN
    )
    assert answer.status_code == 409
    assert f"Changed by {PEOPLE['approver'][0]} just now: asked for changes." in text_of(
        answer.text
    )
    assert f'href="/campaigns/{campaign_id}" data-latest>Load latest</a>' in answer.text
    again = approver.post(f"/campaigns/{campaign_id}/reject", data=reject, headers=SAME_ORIGIN)
    assert "Changed by you just now" in text_of(again.text)


def test_what_is_not_possible_now_names_the_newest_change(signed_in: SignIn) -> None:
    manager, approver = signed_in("manager"), signed_in("approver")
    campaign_id = approved(manager, approver)
    answer = manager.post(f"/campaigns/{campaign_id}/pause", headers=SAME_ORIGIN)
    assert answer.status_code == 409
    assert "The campaign is approved" in text_of(answer.text)
    assert campaign_id not in text_of(answer.text)
    assert f"Changed by {PEOPLE['approver'][0]} just now: approved it." in text_of(answer.text)


def test_the_way_out_is_the_console_s_here_and_the_api_s_there(
    house: Services, signed_in: SignIn
) -> None:
    manager = signed_in("manager")
    campaign_id = CampaignId(created(manager))
    message = house.drafts.messages(campaign_id, "", 1)[0][0]
    claim = {"text": f"{message.text}\nWe guarantee a 20% discount."}
    house.edits.edit(campaign_id, message.id, claim, SYSTEM)
    answer = manager.post(f"/campaigns/{campaign_id}/submit", headers=SAME_ORIGIN)
    words = text_of(answer.text)
    assert answer.status_code == 409
    assert f"the first to {message.customer}. Fix it in the composer, or leave" in words
    assert "/api/" not in words
    assert message.id not in words
    route = f"PATCH /api/campaigns/{campaign_id}/messages/{message.id}"
    with pytest.raises(WrongState, match=route):
        house.approvals.submit(campaign_id, SYSTEM)


def test_a_form_that_is_wrong_comes_back_with_its_words(signed_in: SignIn) -> None:
    typed = {"name": "Khun <b>Nid</b>", "email": "nid@hilton-pattaya.example", "role": ""}
    answer = signed_in("manager").post(f"{HILTON}/contacts", data=typed, headers=SAME_ORIGIN)
    assert answer.status_code == 422
    page = answer.text
    assert "Role: Fill this in." in text_of(page)
    assert 'aria-invalid="true"' in page
    assert "Khun &lt;b&gt;Nid&lt;/b&gt;</textarea>" in page
    assert "nid@hilton-pattaya.example</textarea>" in page
    assert f'method="post" action="{HILTON}/contacts"' in page
    assert '<span hidden data-fault="role">Fill this in.</span>' in page


def test_what_is_too_long_or_not_offered_is_said_in_words(signed_in: SignIn) -> None:
    manager = signed_in("manager")
    path = f"/campaigns/{created(manager)}/reject"
    long = signed_in("approver").post(path, data={"reason": "x" * 20_001}, headers=SAME_ORIGIN)
    assert "Reason: At most 20,000 characters." in text_of(long.text)
    odd = {"intent": "sing", "back": "/inbox"}
    answer = manager.post("/inbox/r_1/intent", data=odd, headers=SAME_ORIGIN)
    assert "Intent: Choose one of those offered." in text_of(answer.text)


def test_a_password_is_never_shown_again(signed_in: SignIn) -> None:
    stranger: TestClient = signed_in("stranger")
    form = {"token": "t" * 20_000, "name": "n" * 20_000, "email": "a@b.example"}
    answer = stranger.post("/setup", data=form | {"password": PASSWORD}, headers=SAME_ORIGIN)
    assert answer.status_code in (404, 422)
    assert PASSWORD not in answer.text
    assert "t" * 100 not in answer.text


def test_the_unexpected_has_a_number_and_details_to_copy_and_tells_no_more(
    house: Services, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a secret of the machine")

    monkeypatch.setattr(house.inbox, "view", broken)
    answer = signed_in("manager").get("/inbox")
    assert answer.status_code == 500
    [number] = re.findall(r"say this number: <code>(\w+)</code>", answer.text)
    [details] = re.findall(r'data-copy="([^"]+)"', answer.text)
    assert details.startswith(f"Error {number}: GET /inbox, 2025-09-15 ")
    assert f"Number {number}." in answer.text
    assert "secret of the machine" not in answer.text


def test_what_the_trail_links_to_is_what_errors_lead_to() -> None:
    places = {thing: place.format("") for thing, place in THINGS.values() if place}
    assert places == {kind: ABOUT[kind] for kind in places}
