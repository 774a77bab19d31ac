"""The same words, answered for in every message of a campaign that is blocked for them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.api.test_composing import PATTAYA, PLAIN, REQUEST, key, last_entry, messages

from campaigns import settings
from campaigns.app import create_app
from campaigns.bootstrap import Services, opened, sample_book
from campaigns.model.access import Actor, Scope
from campaigns.model.errors import Stale
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import Check, MessageStatus
from campaigns.model.ports import Tx


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("house")
    book = Path(folder / "book.md")
    book.write_bytes(sample_book().read_bytes())
    chosen = settings.read(
        campaigns_book=book,
        campaigns_data=folder,
        campaigns_today="2025-09-15",
        campaigns_simulate="all",
    )
    with opened(chosen, in_memory=True) as services:
        yield services


@pytest.fixture(scope="module")
def client(house: Services) -> Iterator[TestClient]:
    with TestClient(create_app(house), headers=key(house, "Ploy", Scope.ADMIN)) as made:
        yield made


@pytest.fixture
def draft(client: TestClient) -> str:
    made = client.post("/api/campaigns/create", json={"human_request": REQUEST})
    return f"/api/campaigns/{made.json()['campaign_id']}"


def said_by_all(
    client: TestClient, draft: str, **more: str
) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """Have every message say the plain words; `more` is what one customer's says besides.

    Returns where each customer's message is, and what it is.
    """
    at = {c: f"{draft}/messages/{m['message_id']}" for c, m in messages(client, draft).items()}
    for customer, message in messages(client, draft).items():
        words = " ".join([PLAIN, more.get(customer, "")]).strip()
        client.patch(at[customer], json={"text": f"{message['text']}\n\n{words}"})
    found = messages(client, draft)
    assert {m["status"] for m in found.values()} == {"blocked"}
    return at, found


def confirmed_by(message: dict[str, Any]) -> set[str]:
    return {c["source"] for c in message["checks"] if "confirmed by" in (c["source"] or "")}


def test_the_same_words_are_confirmed_in_every_message_that_is_blocked_for_them(
    client: TestClient, draft: str
) -> None:
    at, before = said_by_all(client, draft)
    assert len(before) > 2
    answer = client.post(f"{at[PATTAYA]}/confirm", json={"words": [PLAIN], "everywhere": True})
    assert answer.status_code == 200, answer.text
    done = answer.json()
    assert (done["messages"], done["blocked"]) == (len(before), 0)
    assert (done["customer_id"], done["status"]) == (PATTAYA, "verified")
    after = messages(client, draft)
    for customer, message in after.items():
        assert (message["status"], confirmed_by(message)) == ("verified", {"confirmed by Ploy"})
        assert message["text"] == before[customer]["text"]
    told = last_entry(client, f"campaign:{draft.rpartition('/')[2]}")
    assert (told["action"], told["actor"]) == ("campaign.confirmed", "Ploy")
    assert told["detail"] == {
        "claims": [PLAIN],
        "read_in": done["message_id"],
        "messages": len(before),
        "blocked": 0,
    }
    shown = client.get(f"{draft}/preview").json()["content_hash"]
    assert client.post(f"{draft}/submit").status_code == 200
    assert client.post(f"{draft}/approve", json={"content_hash": shown}).status_code == 200
    again = client.post(f"{at[PATTAYA]}/confirm", json={"words": [PLAIN], "everywhere": True})
    assert again.status_code == 409
    # Nothing was left to confirm, so the approval stands.
    assert client.get(draft).json()["status"] == "approved"


def test_one_message_alone_is_confirmed_unless_all_are_asked_for(
    client: TestClient, draft: str
) -> None:
    at, before = said_by_all(client, draft)
    for body in ({"words": [PLAIN]}, {"words": [PLAIN], "everywhere": False}):
        customer = next(c for c, m in messages(client, draft).items() if m["status"] == "blocked")
        done = client.post(f"{at[customer]}/confirm", json=body).json()
        assert (done["messages"], done["blocked"], done["status"]) == (1, 0, "verified")
    states = [m["status"] for m in messages(client, draft).values()]
    assert states.count("blocked") == len(before) - 2
    # Who has answered for them here already goes on with the rest.
    body = {"words": [PLAIN], "everywhere": True}
    done = client.post(f"{at[customer]}/confirm", json=body).json()
    assert (done["messages"], done["status"]) == (len(before) - 2, "verified")


def test_a_promise_elsewhere_stays_blocked_and_is_counted(client: TestClient, draft: str) -> None:
    at, before = said_by_all(client, draft, **{PATTAYA: "We guarantee a 20% discount."})
    other = next(c for c in before if c != PATTAYA)
    done = client.post(f"{at[other]}/confirm", json={"words": [PLAIN], "everywhere": True}).json()
    assert (done["messages"], done["blocked"]) == (len(before), 1)
    left = messages(client, draft)[PATTAYA]
    assert (left["status"], confirmed_by(left)) == ("blocked", {"confirmed by Ploy"})
    promised = [c for c in before[PATTAYA]["checks"] if not c["ok"] and not c["to_confirm"]]
    assert [c for c in left["checks"] if not c["ok"]] == promised
    for found in promised:
        body = {"words": [found["found"]], "everywhere": True}
        refused = client.post(f"{at[PATTAYA]}/confirm", json=body)
        assert refused.status_code == 409
        assert "needs a source, named by an approver" in refused.json()["detail"]


def test_other_words_and_messages_that_say_something_else_are_left_alone(
    client: TestClient, draft: str
) -> None:
    at, before = said_by_all(client, draft)
    reads, other = (m["text"].replace(PLAIN, "").strip() for m in list(before.values())[:2])
    first, second = list(before)[:2]
    client.patch(at[first], json={"text": f"{reads}\n\nWe hope the zithers please you."})
    client.patch(at[second], json={"text": other})
    untouched = messages(client, draft)
    body = {"words": ["We hope the zithers please you.", PLAIN], "everywhere": True}
    # The message that was read says one of them only.
    assert client.post(f"{at[first]}/confirm", json=body).status_code == 409
    assert messages(client, draft) == untouched
    third = list(before)[2]
    done = client.post(f"{at[third]}/confirm", json={"words": [PLAIN], "everywhere": True}).json()
    assert done["messages"] == len(before) - 2
    after = messages(client, draft)
    assert {c: after[c] for c in (first, second)} == {c: untouched[c] for c in (first, second)}


def test_what_only_another_record_does_not_hold_is_not_confirmed_unread(
    client: TestClient, house: Services, draft: str
) -> None:
    at, before = said_by_all(client, draft)
    other = next(c for c in before if c != PATTAYA)
    with house.store.begin() as tx:
        message = tx.messages.get(MessageId(before[other]["message_id"]))
        assert message
        start = message.text.index("please you")
        more = Check(check="wording", ok=False, found="please", start=start, end=start + 6)
        changed = replace(message, checks=(*message.checks, more))
        assert tx.messages.edit(changed, [MessageStatus.BLOCKED])
    done = client.post(f"{at[PATTAYA]}/confirm", json={"words": [PLAIN], "everywhere": True}).json()
    assert (done["messages"], done["blocked"]) == (len(before), 1)
    left = messages(client, draft)[other]
    assert [c["found"] for c in left["checks"] if c["to_confirm"]] == ["please"]
    assert client.post(f"{at[other]}/confirm", json={"words": [PLAIN]}).json()["blocked"] == 0


def test_confirming_everywhere_takes_the_same_rights_and_is_done_once(
    client: TestClient, house: Services, draft: str
) -> None:
    at, before = said_by_all(client, draft)
    body = {"words": [PLAIN], "everywhere": True}
    reader = key(house, "reader", Scope.READ, Scope.APPROVE)
    assert client.post(f"{at[PATTAYA]}/confirm", json=body, headers=reader).status_code == 403
    nobody = f"{draft}/messages/m_none/confirm"
    assert client.post(nobody, json=body).status_code == 404
    unclear = {"words": [PLAIN], "everywhere": "wherever"}
    assert client.post(f"{at[PATTAYA]}/confirm", json=unclear).status_code == 422
    once = {"Idempotency-Key": "everywhere"}
    first = client.post(f"{at[PATTAYA]}/confirm", json=body, headers=once)
    again = client.post(f"{at[PATTAYA]}/confirm", json=body, headers=once)
    assert first.json()["messages"] == len(before)
    assert (first.status_code, first.json()) == (again.status_code, again.json())


def test_a_change_meanwhile_leaves_every_message_as_it_was(
    client: TestClient, house: Services, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, before = said_by_all(client, draft)
    begin, campaign_id = house.store.begin, draft.rpartition("/")[2]

    def faster() -> AbstractContextManager[Tx]:
        monkeypatch.setattr(house.store, "begin", begin)
        client.patch(draft, json={"name": "Renamed meanwhile"})
        return begin()

    actor = Actor(name="Ploy", scopes=frozenset(Scope))
    monkeypatch.setattr(house.store, "begin", faster)
    read = MessageId(before[PATTAYA]["message_id"])
    with pytest.raises(Stale):
        house.edits.confirm_everywhere(CampaignId(campaign_id), read, [PLAIN], actor)
    assert messages(client, draft) == before
    assert last_entry(client, f"campaign:{campaign_id}")["action"] != "campaign.confirmed"
    body = {"words": [PLAIN], "everywhere": True}
    assert client.post(f"{at[PATTAYA]}/confirm", json=body).json()["messages"] == len(before)
