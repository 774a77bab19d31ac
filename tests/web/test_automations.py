"""Automations and messages in doubt, as people handle them in the console."""

import re

from sqlalchemy import text
from starlette.testclient import TestClient
from tests.web.conftest import SignIn
from tests.web.houses import created, notice_after, text_of

from campaigns.bootstrap import Services
from campaigns.model.ids import CampaignId
from campaigns.model.message import Message

REQUEST = "Renewal reminders to all Hiltons expiring this quarter"


def made(client: TestClient, **form: str) -> str:
    answer = client.post("/automations", data={"request": REQUEST, "every": "month", **form})
    assert answer.status_code == 303, text_of(answer.text)
    return str(answer.headers["location"])


def one_in_doubt(house: Services, campaign_id: str) -> Message:
    """Leave a message as a process leaves it that dies between sending and the answer."""
    [message] = house.drafts.messages(CampaignId(campaign_id), "", 1)[0]
    with house.store.engine.begin() as c:
        c.execute(
            text("UPDATE messages SET status = 'in_doubt', attempt = 1 WHERE id = :id"),
            {"id": message.id},
        )
    return message


def test_an_automation_is_made_paused_resumed_and_removed(signed_in: SignIn) -> None:
    manager = signed_in("manager")
    at = made(manager, name="Monthly Hiltons", day="31")
    page = text_of(manager.get(at).text)
    assert "Monthly Hiltons On" in page
    assert "Every month on day 31 (or its last) at 09:00" in page
    assert re.search(r"It means today \d+ customers?", page)
    manager.post(f"{at}/active", data={"on": ""})
    assert "Monthly Hiltons Paused" in text_of(manager.get(at).text)
    assert "Paused" in text_of(manager.get("/automations").text)
    manager.post(f"{at}/active", data={"on": "1"})
    assert "Monthly Hiltons On" in text_of(manager.get(at).text)
    assert manager.post(f"{at}/remove").headers["location"] == "/automations"
    assert manager.get(at).status_code == 404


def test_what_it_prepares_waits_for_review_and_is_linked(signed_in: SignIn) -> None:
    manager = signed_in("manager")
    at = made(manager)
    told = notice_after(manager, manager.post(f"{at}/run").headers["location"])
    assert told
    page = manager.get(at).text
    campaign = re.findall(r'class="in" href="(/campaigns/c_\w+)"', page)[0]
    assert manager.get(campaign).status_code in (200, 303)
    manager.post(f"{at}/run")
    assert "nobody new" in text_of(manager.get(at).text)
    manager.post(f"{at}/remove")


def test_what_is_wrong_with_a_new_one_stands_beside_what_was_typed(signed_in: SignIn) -> None:
    answer = signed_in("manager").post(
        "/automations",
        data={"request": "Renewals to our VIP friends near the beach", "every": "day"},
    )
    assert answer.status_code == 422
    assert "VIP friends near the beach</textarea>" in answer.text
    assert 'class="fault"' in answer.text or "note bad" in answer.text
    typed = signed_in("manager").post(
        "/automations", data={"request": REQUEST, "every": "month", "day": "first"}
    )
    assert typed.status_code == 422


def test_the_rhythm_may_stand_in_the_request(signed_in: SignIn) -> None:
    manager = signed_in("manager")
    at = made(manager, request=f"every week on friday, prepare {REQUEST.lower()}", every="request")
    assert "Every week on Friday" in text_of(manager.get(at).text)
    manager.post(f"{at}/remove")


def test_viewers_look_and_change_nothing(signed_in: SignIn) -> None:
    at = made(signed_in("manager"))
    viewer = signed_in("viewer")
    assert "Prepare one now" not in viewer.get(at).text
    assert viewer.post(f"{at}/run").status_code == 403
    assert viewer.post("/automations", data={"request": REQUEST}).status_code == 403
    signed_in("manager").post(f"{at}/remove")


def test_messages_in_doubt_are_decided_with_how_one_knows(
    house: Services, signed_in: SignIn
) -> None:
    manager = signed_in("manager")
    assert "Nothing is in doubt" in text_of(manager.get("/doubts").text)
    message = one_in_doubt(house, created(manager))
    assert "1 message in doubt" in text_of(manager.get("/campaigns").text)
    page = manager.get("/doubts").text
    assert message.customer in text_of(page)
    at = f"/campaigns/{message.campaign_id}/messages/{message.id}/decide"
    assert at in page
    assert manager.post(at, data={"decision": "whatever"}).status_code == 422
    assert signed_in("viewer").post(at, data={"decision": "arrived"}).status_code == 403
    form = {"decision": "arrived", "why": "they told me by phone", "back": "/doubts"}
    assert manager.post(at, data=form).headers["location"] == "/doubts"
    assert "Nothing is in doubt" in text_of(manager.get("/doubts").text)
    assert "they told me by phone" in manager.get("/audit").text


def test_a_campaign_of_an_unnamed_automation_is_named_like_others(
    house: Services, signed_in: SignIn
) -> None:
    manager = signed_in("manager")
    request = "prepare renewal reminders for contracts of Hiltons that end within 60 days"
    at = made(manager, request=request)
    manager.post(f"{at}/run")
    campaign = re.findall(r'class="in" href="/campaigns/(c_\w+)"', manager.get(at).text)[0]
    assert house.drafts.get(CampaignId(campaign)).name == "Renewal: Hilton, 15 Sep 2025"
    manager.post(f"{at}/remove")
