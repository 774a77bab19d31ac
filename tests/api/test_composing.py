"""A draft put right over HTTP: what the book says otherwise, and words somebody answers for."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from campaigns import settings
from campaigns.app import create_app
from campaigns.bootstrap import Services, opened
from campaigns.model.access import SYSTEM, Scope

BOOK = Path(__file__).parent / "small_book.md"
REQUEST = "Send renewal reminders to all Hiltons in Thailand expiring this quarter by email"
PATTAYA = "hilton-pattaya"
# Words no list of ours holds, in small letters: they state nothing we know of.
PLAIN = "We hope the gamelans please you."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Services]:
    chosen = settings.read(
        campaigns_book=Path(shutil.copy(BOOK, tmp_path / "book.md")),
        campaigns_data=tmp_path,
        campaigns_today="2025-09-15",
        campaigns_simulate="all",
    )
    with opened(chosen, in_memory=True) as services:
        yield services


@pytest.fixture
def client(house: Services) -> Iterator[TestClient]:
    with TestClient(create_app(house), headers=key(house, "Ploy", Scope.ADMIN)) as made:
        yield made


@pytest.fixture
def draft(client: TestClient) -> str:
    made = client.post("/api/campaigns/create", json={"human_request": REQUEST})
    return f"/api/campaigns/{made.json()['campaign_id']}"


def key(house: Services, owner: str, *scopes: Scope) -> dict[str, str]:
    _, secret = house.access.create_key(owner, frozenset(scopes), SYSTEM)
    return {"Authorization": f"Bearer {secret}"}


def messages(client: TestClient, draft: str) -> dict[str, dict[str, Any]]:
    found = client.get(f"{draft}/messages", params={"limit": 500}).json()["messages"]
    return {m["customer_id"]: m for m in found}


def say(client: TestClient, field: str, value: str) -> None:
    answer = client.patch(f"/api/customers/{PATTAYA}", json={"fields": {field: value}})
    assert answer.status_code == 200, answer.text


def last_entry(client: TestClient, subject: str) -> dict[str, Any]:
    found = client.get("/api/audit", params={"subject": subject, "limit": 1}).json()
    return dict(found["entries"][0])


# --- what the book says otherwise ------------------------------------------------------------------


def test_only_what_changed_is_said_and_written_anew(client: TestClient, draft: str) -> None:
    assert client.get(f"{draft}/recompose").json() == {"changed": []}
    before = messages(client, draft)
    say(client, "Contract End", "2025-11-20")
    [changed] = client.get(f"{draft}/recompose").json()["changed"]
    assert (changed["customer_id"], changed["customer"]) == (PATTAYA, "Hilton Pattaya")
    assert "2025-11-20" in changed["why"]
    assert (changed["edited"], changed["matches"]) == (False, True)
    answer = client.post(f"{draft}/recompose")
    assert answer.status_code == 200, answer.text
    done = answer.json()
    assert (done["customers"], done["kept"], done["blocked"], done["left"]) == (1, 0, 0, [])
    assert done["content_hash"] == client.get(f"{draft}/preview").json()["content_hash"]
    after = messages(client, draft)
    assert {i for i in before if before[i] != after[i]} == {PATTAYA}
    assert "20 November 2025" in after[PATTAYA]["text"].replace("November 20,", "20 November")
    told = last_entry(client, f"campaign:{draft.rpartition('/')[2]}")
    assert (told["action"], told["actor"]) == ("campaign.recomposed", "Ploy")
    assert told["detail"]["customers"] == [PATTAYA]


def test_hand_edited_words_stay_and_what_no_longer_matches_is_left_and_named(
    client: TestClient, draft: str
) -> None:
    mine = messages(client, draft)[PATTAYA]
    words = mine["text"] + "\n\nThank you."
    client.patch(f"{draft}/messages/{mine['message_id']}", json={"text": words})
    say(client, "Contract End", "2025-11-20")
    done = client.post(f"{draft}/recompose").json()
    assert (done["customers"], done["kept"], done["blocked"]) == (1, 1, 1)
    assert messages(client, draft)[PATTAYA]["text"] == words
    say(client, "Contract End", "2027-11-20")
    [gone] = client.get(f"{draft}/recompose").json()["changed"]
    assert (gone["edited"], gone["matches"]) == (True, False)
    refused = client.post(f"{draft}/recompose")
    assert refused.status_code == 409
    assert "No longer in the audience: Hilton Pattaya." in refused.json()["detail"]
    client.patch(draft, json={"filters": client.get(draft).json()["plan"]["filters"]})
    assert PATTAYA not in messages(client, draft)
    assert client.get(f"{draft}/recompose").json() == {"changed": []}


def test_recomposing_voids_an_approval(client: TestClient, draft: str) -> None:
    client.post(f"{draft}/submit")
    shown = client.get(f"{draft}/preview").json()["content_hash"]
    assert client.post(f"{draft}/approve", json={"content_hash": shown}).status_code == 200
    say(client, "Contract End", "2025-11-20")
    done = client.post(f"{draft}/recompose").json()
    assert done["status"] == "draft"
    assert done["content_hash"] != shown


def test_nothing_changed_no_such_campaign_and_no_right(
    client: TestClient, house: Services, draft: str
) -> None:
    assert client.post(f"{draft}/recompose").status_code == 409
    nowhere = "/api/campaigns/c_none/recompose"
    assert client.post(nowhere).status_code == client.get(nowhere).status_code == 404
    reader = key(house, "reader", Scope.READ, Scope.SEND)
    say(client, "Contract End", "2025-11-20")
    assert client.get(f"{draft}/recompose", headers=reader).status_code == 200
    assert client.post(f"{draft}/recompose", headers=reader).status_code == 403


def test_the_same_recomposing_again_is_done_once(client: TestClient, draft: str) -> None:
    say(client, "Contract End", "2025-11-20")
    once = {"Idempotency-Key": "recompose"}
    first = client.post(f"{draft}/recompose", headers=once)
    again = client.post(f"{draft}/recompose", headers=once)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert first.json()["customers"] == 1


# --- words to answer for ---------------------------------------------------------------------------


def edited(client: TestClient, draft: str, more: str) -> tuple[str, dict[str, Any]]:
    mine = messages(client, draft)[PATTAYA]
    at = f"{draft}/messages/{mine['message_id']}"
    return at, client.patch(at, json={"text": f"{mine['text']}\n\n{more}"}).json()


def test_plain_words_are_confirmed_by_name_and_unblock_the_message(
    client: TestClient, draft: str
) -> None:
    at, message = edited(client, draft, PLAIN)
    words = [c["found"] for c in message["checks"] if c["to_confirm"]]
    assert (message["status"], bool(words)) == ("blocked", True)
    assert client.post(f"{draft}/submit").status_code == 409
    answer = client.post(f"{at}/confirm", json={"words": words})
    assert answer.status_code == 200, answer.text
    done = answer.json()
    assert done["status"] == "verified"
    assert {c["source"] for c in done["checks"] if c["found"] in words} == {"confirmed by Ploy"}
    assert not any(c["to_confirm"] for c in done["checks"])
    told = last_entry(client, f"message:{message['message_id']}")
    assert (told["action"], told["actor"]) == ("message.confirmed", "Ploy")
    assert told["detail"]["claims"] == words
    assert client.post(f"{draft}/submit").status_code == 200
    again = client.post(f"{at}/confirm", json={"words": words})
    assert again.status_code == 409


def test_a_whole_sentence_is_confirmed_at_once_wherever_it_stands(
    client: TestClient, draft: str
) -> None:
    at, _ = edited(client, draft, f"{PLAIN} {PLAIN}")
    done = client.post(f"{at}/confirm", json={"words": [PLAIN]}).json()
    assert done["status"] == "verified"


@pytest.mark.parametrize(
    "more",
    ["We guarantee a 20% discount.", "Your contract ends on 3 March 2031.", "Khun Somboon agreed."],
)
def test_a_promise_a_figure_or_a_name_is_not_confirmed_but_needs_a_source(
    client: TestClient, draft: str, more: str
) -> None:
    at, message = edited(client, draft, f"{PLAIN} {more}")
    bad = [c["found"] for c in message["checks"] if not c["ok"] and not c["to_confirm"]]
    assert bad
    for words in ([bad[0]], [PLAIN, bad[0]]):
        answer = client.post(f"{at}/confirm", json={"words": words})
        assert answer.status_code == 409
        assert "needs a source, named by an approver" in answer.json()["detail"]
    # None of them, when one of them may not be.
    assert client.get(at).json()["checks"] == message["checks"]


def test_words_that_are_not_there_no_words_and_no_right(
    client: TestClient, house: Services, draft: str
) -> None:
    at, _ = edited(client, draft, PLAIN)
    assert client.post(f"{at}/confirm", json={"words": ["something else"]}).status_code == 409
    for body in (
        {},
        {"words": []},
        {"words": [""]},
        {"words": PLAIN},
        {"words": [PLAIN], "by": "x"},
    ):
        assert client.post(f"{at}/confirm", json=body).status_code == 422
    nobody = f"{draft}/messages/m_none/confirm"
    assert client.post(nobody, json={"words": [PLAIN]}).status_code == 404
    reader = key(house, "reader", Scope.READ, Scope.APPROVE)
    refused = client.post(f"{at}/confirm", json={"words": [PLAIN]}, headers=reader)
    assert (refused.status_code, "`compose`" in refused.json()["detail"]) == (403, True)


def test_a_message_that_has_left_its_draft_is_not_confirmed(client: TestClient, draft: str) -> None:
    at, _ = edited(client, draft, PLAIN)
    client.post(f"{at}/confirm", json={"words": [PLAIN]})
    client.post(f"{draft}/submit")
    client.post(f"{draft}/cancel")
    refused = client.post(f"{at}/confirm", json={"words": [PLAIN]})
    assert refused.status_code == 409
