"""The main job over HTTP, from a sentence to answers, as api.md writes it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from campaigns.bootstrap import Services
from campaigns.store import tables

Until = Callable[[Callable[[], bool]], None]
REQUEST = "Send renewal reminders to all Hiltons expiring in October"
EXAMPLE = """Hi Rudolf,

Your Hilton Pattaya music service for all 4 zones (Edge, Drift Bar, Horizon, Shore) expires on October 31, 2025.

Your current rate of THB 12,000 per zone remains locked for renewal. That's THB 48,000 annually for complete property coverage.

Reply YES to secure your renewal or CALL to discuss.

Best regards,
BMA Social Team"""


def created(client: TestClient, **body: Any) -> dict[str, Any]:
    answer = client.post("/api/campaigns/create", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def messages(client: TestClient, campaign_id: str, **params: Any) -> list[dict[str, Any]]:
    answer = client.get(f"/api/campaigns/{campaign_id}/messages", params=params | {"limit": 500})
    return list(answer.json()["messages"])


def approved(client: TestClient, campaign_id: str) -> str:
    assert client.post(f"/api/campaigns/{campaign_id}/submit").status_code == 200
    shown = client.get(f"/api/campaigns/{campaign_id}/preview").json()["content_hash"]
    answer = client.post(f"/api/campaigns/{campaign_id}/approve", json={"content_hash": shown})
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "approved"
    return str(shown)


def status_of(client: TestClient, campaign_id: str) -> str:
    return str(client.get(f"/api/campaigns/{campaign_id}").json()["status"])


def test_from_a_sentence_to_answers(client: TestClient, until: Until) -> None:
    made = created(client, human_request=REQUEST)
    assert made["status"] == "draft"
    assert made["interpreter"] == "embedded"
    assert made["plan"]["type"] == "renewal"
    assert made["plan"]["filters"]["brand"] == ["Hilton"]
    assert made["plan"]["not_understood"] == []
    audience = made["audience"]
    assert audience["customers"] >= 3
    total = client.get("/api/campaigns/statistics").json()["customers"]["total"]
    assert audience["customers"] + sum(x["customers"] for x in audience["excluded"]) == total
    campaign_id = made["campaign_id"]

    preview = client.get(f"/api/campaigns/{campaign_id}/preview", params={"samples": 100}).json()
    assert all(m["status"] == "verified" for m in preview["sample_messages"])
    assert all(c["ok"] for m in preview["sample_messages"] for c in m["checks"])

    approved(client, campaign_id)
    test = client.post(f"/api/campaigns/{campaign_id}/send", json={"test_mode": True})
    assert test.status_code == 202, test.text
    assert test.json()["test_to"]
    assert status_of(client, campaign_id) == "approved"

    sent = client.post(f"/api/campaigns/{campaign_id}/send", json={})
    assert sent.status_code == 202, sent.text
    assert sent.json()["queued"] == len(messages(client, campaign_id))
    until(lambda: status_of(client, campaign_id) == "completed")
    until(lambda: any(m["status"] in ("delivered", "read") for m in messages(client, campaign_id)))

    again = client.post(f"/api/campaigns/{campaign_id}/send", json={})
    assert again.status_code == 409
    assert "completed" in again.json()["detail"]

    answer = client.post(
        "/api/campaigns/response",
        json={
            "identifier": "+66856644142",
            "message": "Yes, please renew all zones",
            "channel": "whatsapp",
        },
    )
    assert answer.status_code == 200, answer.text
    reply = answer.json()
    assert reply["customer"] == "Hilton Pattaya"
    assert reply["campaign_id"] == campaign_id
    assert reply["intent"] == "accept"
    figures = client.get(f"/api/campaigns/{campaign_id}/statistics").json()
    assert figures["funnel"]["sent"] >= 1
    assert figures["funnel"]["replied"] >= 1
    assert figures["replies_by_intent"]["accept"] >= 1


def test_the_specifications_example_comes_out_word_for_word(client: TestClient) -> None:
    made = created(client, human_request=REQUEST)
    [message] = [
        m
        for m in messages(client, made["campaign_id"])
        if m["customer"] == "Hilton Pattaya" and m["channel"] == "whatsapp"
    ]
    assert message["text"].startswith(EXAMPLE)
    assert "STOP" in message["text"].removeprefix(EXAMPLE)
    facts = {c["found"] for c in message["checks"] if c["ok"] and c["found"]}
    assert any("12,000" in f for f in facts)


def test_an_edit_is_checked_at_once_and_voids_the_approval(client: TestClient) -> None:
    campaign_id = created(client, human_request=REQUEST)["campaign_id"]
    approved(client, campaign_id)
    mail = next(m for m in messages(client, campaign_id) if m["channel"] == "email")
    at = f"/api/campaigns/{campaign_id}/messages/{mail['message_id']}"

    wrong = client.patch(at, json={"text": mail["text"] + "\nYou get a 20% discount, guaranteed."})
    assert wrong.status_code == 200
    assert wrong.json()["status"] == "blocked"
    assert [c for c in wrong.json()["checks"] if not c["ok"]]
    assert status_of(client, campaign_id) == "draft"
    refused = client.post(f"/api/campaigns/{campaign_id}/submit")
    assert refused.status_code == 409
    assert "blocked" in refused.json()["detail"]

    restored = client.patch(at, json={"text": None})
    assert restored.json()["status"] == "verified"
    assert restored.json()["text"] == mail["text"]
    assert restored.json()["edited"] is False


def test_an_approval_of_something_else_is_refused(client: TestClient) -> None:
    campaign_id = created(client, human_request=REQUEST)["campaign_id"]
    client.post(f"/api/campaigns/{campaign_id}/submit")
    answer = client.post(f"/api/campaigns/{campaign_id}/approve", json={"content_hash": "0" * 64})
    assert answer.status_code == 409
    assert status_of(client, campaign_id) == "in_review"


def test_a_campaign_without_an_approval_cannot_be_sent(client: TestClient) -> None:
    campaign_id = created(client, human_request=REQUEST)["campaign_id"]
    answer = client.post(f"/api/campaigns/{campaign_id}/send", json={})
    assert answer.status_code == 409
    assert "draft" in answer.json()["detail"]


def test_a_request_that_makes_no_sense_asks_back_and_reaches_nobody(client: TestClient) -> None:
    made = created(client, human_request="Flurble the wibbly grommets of Zorp")
    assert made["status"] == "needs_clarification"
    assert made["audience"]["customers"] == 0
    assert made["plan"]["not_understood"] or made["plan"]["questions"]
    refused = client.post(f"/api/campaigns/{made['campaign_id']}/submit")
    assert refused.status_code == 409


def test_hand_edits_survive_a_change_of_the_plan(client: TestClient) -> None:
    campaign_id = created(client, human_request=REQUEST)["campaign_id"]
    mail = next(m for m in messages(client, campaign_id) if m["channel"] == "email")
    words = mail["text"].replace("Best regards,", "With best regards,")
    at = f"/api/campaigns/{campaign_id}/messages/{mail['message_id']}"
    assert client.patch(at, json={"text": words}).json()["status"] == "verified"
    other = next(
        m for m in messages(client, campaign_id) if m["customer_id"] != mail["customer_id"]
    )
    changed = client.patch(
        f"/api/campaigns/{campaign_id}",
        json={"contacts": [{"customer_id": other["customer_id"], "include": False}]},
    )
    assert changed.status_code == 200, changed.text
    after = {m["message_id"]: m for m in messages(client, campaign_id)}
    assert after[mail["message_id"]]["text"] == words
    assert other["message_id"] not in after


def test_a_structured_request_takes_every_filter(client: TestClient) -> None:
    made = created(
        client,
        type="renewal",
        filters={
            "brand": "Hilton Hotels & Resorts",
            "region": "Asia Pacific",
            "country": ["Thailand", "Japan"],
            "business_type": "Hotel",
            "contract_end": {"from": "2025-10-01", "to": "2025-10-31"},
            "zones": {"min": 1, "max": 50},
            "size": ["small", "medium", "enterprise"],
        },
        exclude={"city": "Phuket"},
        context="Keep it short",
    )
    assert made["status"] == "draft"
    assert made["audience"]["customers"] >= 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"type": "renewal", "filters": {"colour": "red"}}, "/filters/colour"),
        ({"type": "renewal", "filters": {"brand": "Hillltonnia"}}, "/filters/brand"),
        ({"type": "renewal", "filters": {"size": ["huge"]}}, "/filters/size/0"),
        ({"type": "sale", "filters": {"brand": "Hilton"}}, "/type"),
        ({"type": "renewal", "filters": {"zones": {"min": "many"}}}, "/filters/zones/min"),
        ({"type": "renewal", "filtres": {}}, "/filtres"),
    ],
)
def test_unknown_keys_and_values_are_refused_with_their_place(
    client: TestClient, body: dict[str, Any], pointer: str
) -> None:
    answer = client.post("/api/campaigns/create", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert pointer in [e["pointer"] for e in answer.json()["errors"]]


def test_pausing_stops_and_resuming_goes_on(client: TestClient, until: Until) -> None:
    campaign_id = created(client, human_request=REQUEST)["campaign_id"]
    approved(client, campaign_id)
    client.post(f"/api/campaigns/{campaign_id}/send", json={})
    paused = client.post(f"/api/campaigns/{campaign_id}/pause")
    if paused.status_code == 409:  # it was faster than we
        assert "completed" in paused.json()["detail"]
        return
    assert status_of(client, campaign_id) == "paused"
    assert client.post(f"/api/campaigns/{campaign_id}/resume").json()["status"] == "sending"
    until(lambda: status_of(client, campaign_id) == "completed")


def test_the_preview_says_when_the_last_message_leaves_and_what_it_costs(
    client: TestClient,
) -> None:
    made = created(client, human_request="Announce our new playlists to all hotels in Thailand")
    expected = client.get(f"/api/campaigns/{made['campaign_id']}/preview").json()["forecast"]
    assert expected["default_zone"] == "Asia/Bangkok"
    by_channel = {c["channel"]: c for c in expected["channels"]}
    assert by_channel["whatsapp"]["last_at"]
    assert float(by_channel["whatsapp"]["cost"]["amount"]) > 0
    assert expected["last_at"] == max(c["last_at"] for c in expected["channels"])


def test_a_stopped_house_sends_nothing_until_its_channels_are_reopened(
    client: TestClient, until: Until
) -> None:
    refused = client.post("/api/channels/stop", json={})
    assert refused.status_code == 422
    assert client.post("/api/channels/stop", json={"reason": "wrong price"}).status_code == 200
    made = created(client, human_request="Announce our new playlists to all hotels in Pattaya")
    at = f"/api/campaigns/{made['campaign_id']}"
    approved(client, made["campaign_id"])
    assert client.post(f"{at}/send", json={}).status_code == 202
    waiting = client.get(f"{at}/statistics").json()["waiting"]
    assert waiting
    assert all("wrong price" in w["reason"] for w in waiting)
    for channel in ("whatsapp", "line", "email"):
        assert client.post(f"/api/channels/{channel}/reopen").status_code == 200
    client.post(f"{at}/cancel")
    assert client.post("/api/channels/email/stop", json={"reason": "a look"}).status_code == 200
    assert "a look" in client.get("/api/campaigns/statistics").json()["halted"]["email"]
    assert client.post("/api/channels/email/reopen").status_code == 200
    doubts = client.get("/api/doubts").json()["messages"]
    assert made["campaign_id"] not in {doubt["campaign_id"] for doubt in doubts}


def test_a_scheduled_campaign_can_be_moved(client: TestClient, until: Until) -> None:
    made = created(client, human_request="Announce our new playlists to all hotels in Pattaya")
    at = f"/api/campaigns/{made['campaign_id']}"
    later, sooner = "2025-09-20T10:00:00+07:00", "2025-09-15T00:00:00+07:00"
    assert client.post(f"{at}/reschedule", json={"schedule_at": later}).status_code == 409
    approved(client, made["campaign_id"])
    client.post(f"{at}/send", json={"schedule_at": "2025-09-18T10:00:00+07:00"})
    assert client.post(f"{at}/reschedule", json={"schedule_at": "tomorrow"}).status_code == 422
    moved = client.post(f"{at}/reschedule", json={"schedule_at": later}).json()
    assert moved["status"] == "scheduled"
    assert moved["schedule_at"].startswith("2025-09-20T03:00")
    client.post(f"{at}/reschedule", json={"schedule_at": sooner})
    until(lambda: status_of(client, made["campaign_id"]) in ("sending", "completed"))


def test_cancelling_leaves_nothing_to_send(client: TestClient) -> None:
    campaign_id = created(client, human_request=REQUEST)["campaign_id"]
    approved(client, campaign_id)
    assert client.post(f"/api/campaigns/{campaign_id}/cancel").json()["status"] == "cancelled"
    assert {m["status"] for m in messages(client, campaign_id)} == {"cancelled"}
    assert client.post(f"/api/campaigns/{campaign_id}/send", json={}).status_code == 409


def test_a_rollback_drafts_a_correction_to_exactly_those_reached(
    client: TestClient, until: Until
) -> None:
    campaign_id = created(client, human_request=REQUEST)["campaign_id"]
    approved(client, campaign_id)
    client.post(f"/api/campaigns/{campaign_id}/send", json={"channels": ["email"]})
    until(lambda: status_of(client, campaign_id) == "completed")
    report = client.post(f"/api/campaigns/{campaign_id}/rollback").json()
    reached = {
        m["customer_id"]
        for m in messages(client, campaign_id)
        if m["status"] in ("accepted", "sent", "delivered", "read")
    }
    correction = client.get(f"/api/campaigns/{report['correction']}/audience").json()
    assert {m["customer_id"] for m in correction["customers"]} == reached
    assert status_of(client, report["correction"]) == "draft"


def test_a_rollback_counts_what_is_on_its_way_among_those_who_may_have_been_reached(
    client: TestClient, house: Services
) -> None:
    campaign_id = created(client, human_request=REQUEST + " by email")["campaign_id"]
    approved(client, campaign_id)
    on_its_way, doubtful, *_ = messages(client, campaign_id)
    with house.store.engine.begin() as connection:
        for m, status in ((on_its_way, "sending"), (doubtful, "in_doubt")):
            connection.execute(
                update(tables.messages)
                .where(tables.messages.c.id == m["message_id"])
                .values(attempt=1, status=status)
            )
    report = client.post(f"/api/campaigns/{campaign_id}/rollback").json()
    assert (report["sent"], report["in_doubt"]) == (0, 2)
    correction = client.get(f"/api/campaigns/{report['correction']}/audience").json()
    assert {m["customer_id"] for m in correction["customers"]} == {
        on_its_way["customer_id"],
        doubtful["customer_id"],
    }


def test_what_left_as_a_test_to_the_first_customer_stays_when_the_campaign_changes(
    client: TestClient, house: Services
) -> None:
    made = created(client, human_request=REQUEST + " by email")
    campaign_id = made["campaign_id"]
    first = messages(client, campaign_id)[0]
    with house.store.engine.begin() as connection:
        connection.execute(
            update(tables.messages)
            .where(tables.messages.c.id == first["message_id"])
            .values(attempt=1, status="delivered")
        )
    body = {"exclude": {"city": "Pattaya"}}
    changed = client.patch(f"/api/campaigns/{campaign_id}", json=body)
    assert changed.status_code == 200, changed.text
    now = {m["message_id"]: m for m in messages(client, campaign_id)}
    assert now[first["message_id"]]["status"] == "delivered"
    assert now[first["message_id"]]["text"] == first["text"]
    approved(client, campaign_id)
    sent = client.post(f"/api/campaigns/{campaign_id}/send", json={})
    assert sent.status_code == 202, sent.text
    assert sent.json()["queued"] == len(now) - 1
