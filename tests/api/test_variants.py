"""/api/campaigns/{id}/variants: set, approved as assigned, sent, counted, taken back."""

from collections import defaultdict
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.api.conftest import Until

from campaigns.bootstrap import Services
from campaigns.model.access import SYSTEM, Scope

REQUEST = "Send renewal reminders to all customers in Thailand expiring within 365 days"
OWN = {
    "en": {
        "text": "Your music service at {customer} for {zones} ends on {expiry}. Your current rate is {price} per zone.",
        "subject": "The music at {customer}",
    },
    "th": {"text": "สัญญาเพลงของ {customer} สำหรับ {zones} จะสิ้นสุด {expiry}\nอัตราปัจจุบัน {price} ต่อโซน"},
}
TWO = {"variants": [{"tone": "formal"}, {"name": "in our words", "share": 2, "words": OWN}]}


def create(client: TestClient) -> str:
    made = client.post("/api/campaigns/create", json={"human_request": REQUEST}).json()
    assert made["status"] == "draft", made
    return f"/api/campaigns/{made['campaign_id']}"


def messages(client: TestClient, at: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"{at}/messages", params={"limit": 500}).json()[
        "messages"
    ]
    return found


def everything(client: TestClient, at: str) -> list[tuple[str, str | None, str | None, str]]:
    return [(m["text"], m["subject"], m["html"], m["status"]) for m in messages(client, at)]


def test_every_customer_gets_exactly_one_variant_and_each_is_shown(client: TestClient) -> None:
    at = create(client)
    answer = client.post(f"{at}/variants", json=TWO)
    assert answer.status_code == 200, answer.text
    first, second = answer.json()["variants"]
    assert (first["key"], first["name"], first["share"]) == ("a", "formal", 1)
    assert (second["key"], second["name"], second["share"]) == ("b", "in our words", 2)
    assert min(first["customers"], second["customers"]) > 0
    of_customer = defaultdict(set)
    for m in messages(client, at):
        of_customer[m["customer_id"]].add(m["variant"])
    assert all(len(keys) == 1 for keys in of_customer.values())
    assert len(of_customer) == first["customers"] + second["customers"]
    preview = client.get(f"{at}/preview", params={"samples": 2}).json()
    assert [m["variant"] for m in preview["sample_messages"]] == ["a", "b"]
    assert preview["statistics"]["by_variant"] == {
        "a": first["customers"],
        "b": second["customers"],
    }


def test_own_words_are_filled_from_the_record_and_checked(client: TestClient) -> None:
    at = create(client)
    client.post(f"{at}/variants", json=TWO)
    own = [m for m in messages(client, at) if m["variant"] == "b" and m["channel"] == "email"]
    assert own
    english = next(m for m in own if m["language"] == "en")
    assert "Your music service at" in english["text"]
    assert english["customer"] in english["text"]
    assert "STOP" in english["text"] or "/u/" in english["text"]
    assert english["subject"].startswith("The music at")
    assert {m["status"] for m in own} == {"verified"}


def test_setting_the_same_variants_again_changes_no_byte(client: TestClient) -> None:
    at = create(client)
    first = client.post(f"{at}/variants", json=TWO).json()
    assert client.post(f"{at}/variants", json=TWO).json() == first


def test_taking_variants_back_brings_back_every_byte(client: TestClient) -> None:
    at = create(client)
    before, hash_before = everything(client, at), client.get(at).json()["content_hash"]
    assert {m["variant"] for m in messages(client, at)} == {None}
    client.post(f"{at}/variants", json=TWO)
    assert everything(client, at) != before
    assert client.get(at).json()["content_hash"] != hash_before
    assert client.delete(f"{at}/variants").json()["content_hash"] == hash_before
    assert everything(client, at) == before
    assert client.delete(f"{at}/variants").status_code == 409


def test_variants_void_an_approval(client: TestClient) -> None:
    at = create(client)
    client.post(f"{at}/submit")
    shown = client.get(f"{at}/preview").json()["content_hash"]
    assert client.post(f"{at}/approve", json={"content_hash": shown}).status_code == 200
    changed = client.post(f"{at}/variants", json=TWO).json()
    assert changed["status"] == "draft"
    client.post(f"{at}/submit")
    stale = client.post(f"{at}/approve", json={"content_hash": shown})
    assert stale.status_code == 409


def test_a_change_of_the_campaign_keeps_each_customer_in_its_variant(client: TestClient) -> None:
    at = create(client)
    client.post(f"{at}/variants", json=TWO)
    before = {m["customer_id"]: m["variant"] for m in messages(client, at)}
    leave_out = [{"customer_id": next(iter(before)), "include": False}]
    assert client.patch(at, json={"contacts": leave_out}).status_code == 200
    after = {m["customer_id"]: m["variant"] for m in messages(client, at)}
    assert after.items() <= before.items()
    assert len(after) == len(before) - 1


def test_restoring_a_message_restores_its_variant(client: TestClient) -> None:
    at = create(client)
    client.post(f"{at}/variants", json=TWO)
    m = next(m for m in messages(client, at) if m["variant"] == "b")
    edited = f"{at}/messages/{m['message_id']}"
    assert client.patch(edited, json={"text": "Hello, reply YES or STOP"}).json()["edited"]
    arm = client.get(f"{at}/variants").json()["variants"][1]
    assert arm["edited"] == 1
    restored = client.patch(edited, json={"text": None}).json()
    assert (restored["text"], restored["variant"]) == (m["text"], "b")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"variants": [{"tone": "warm"}]}, "/variants"),
        ({"variants": [{"tone": "warm"}, {"tone": "warm"}]}, "/variants/1"),
        ({"variants": [{"tone": "loud"}, {"tone": "warm"}]}, "/variants/0/tone"),
        ({"variants": [{"share": 0}, {"tone": "warm"}]}, "/variants/0/share"),
        ({"variants": [{"colour": "red"}, {"tone": "warm"}]}, "/variants/0/colour"),
        (
            {"variants": [{}, {"words": {"en": OWN["en"]}}]},
            "/variants/1/words/th",
        ),
        (
            {"variants": [{}, {"words": OWN | {"en": {"text": "Only 5 days left, {custmer}"}}}]},
            "/variants/1/words/en",
        ),
    ],
)
def test_what_is_wrong_is_named_by_a_pointer_and_nothing_changes(
    client: TestClient, body: dict[str, Any], pointer: str
) -> None:
    at = create(client)
    before = client.get(at).json()
    answer = client.post(f"{at}/variants", json=body)
    assert answer.status_code == 422
    assert pointer in [e["pointer"] for e in answer.json()["errors"]]
    assert client.get(at).json() == before


def test_scopes_and_unknown_campaigns(
    client: TestClient, stranger: TestClient, house: Services
) -> None:
    at = create(client)
    _, secret = house.access.create_key("reader", frozenset({Scope.READ}), SYSTEM)
    key = {"X-API-Key": secret}
    assert stranger.get(f"{at}/variants", headers=key).json()["variants"] == []
    assert stranger.post(f"{at}/variants", json=TWO, headers=key).status_code == 403
    assert stranger.delete(f"{at}/variants", headers=key).status_code == 403
    assert client.get("/api/campaigns/c_none/variants").status_code == 404
    assert client.post("/api/campaigns/c_none/variants", json=TWO).status_code == 404


def test_what_came_of_each_variant_is_counted_and_said_plainly(
    client: TestClient, until: Until
) -> None:
    at = create(client)
    client.post(f"{at}/variants", json=TWO)
    nothing = client.get(f"{at}/variants").json()
    assert nothing["statement"] == "Nothing has left yet, so there is nothing to compare."
    client.post(f"{at}/submit")
    shown = client.get(f"{at}/preview").json()["content_hash"]
    assert client.post(f"{at}/approve", json={"content_hash": shown}).status_code == 200
    assert client.post(f"{at}/send").status_code == 202
    refused = client.post(f"{at}/variants", json=TWO)
    assert refused.status_code == 409
    until(lambda: client.get(at).json()["status"] == "completed")
    until(lambda: sum(a["replied"] for a in client.get(f"{at}/variants").json()["variants"]) > 0)
    whole = client.get(f"{at}/variants").json()
    statistics = client.get(f"{at}/statistics").json()
    first, second = whole["variants"]
    assert first["messages"] + second["messages"] == statistics["funnel"]["messages"]
    assert first["waiting"] + second["waiting"] == 0
    for arm in (first, second):
        assert 0 < arm["reached"] <= arm["customers"]
        assert arm["interested"] <= arm["replied"] <= arm["reached"]
    replied = next(c for c in whole["comparisons"] if c["outcome"] == "replied")
    assert 0 < replied["chance"] <= 1
    assert f"formal: {first['replied']} of {first['reached']} replied" in replied["words"]
    assert whole["statement"]
    assert [a["key"] for a in statistics["variants"]] == ["a", "b"]
