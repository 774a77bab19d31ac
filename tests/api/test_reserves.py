"""What is kept in reserve is shown, covered by the approval, and dropped for a hand-made text."""

from typing import Any

from fastapi.testclient import TestClient

REQUEST = {"type": "announcement", "filters": {"brand": "Hilton"}, "context": "new playlists"}


def drafted(client: TestClient, **more: object) -> tuple[str, dict[str, Any]]:
    made = client.post("/api/campaigns/create", json=REQUEST | more)
    assert made.status_code == 201, made.text
    campaign_id = made.json()["campaign_id"]
    return campaign_id, client.get(f"/api/campaigns/{campaign_id}/preview?samples=50").json()


def test_a_contact_with_two_channels_has_a_checked_message_in_reserve(client: TestClient) -> None:
    _, preview = drafted(client)
    kept = [m for m in preview["sample_messages"] if m["reserve"]]
    assert kept
    for m in kept:
        reserve = m["reserve"]
        assert reserve["channel"] != m["channel"]
        assert reserve["address"] != m["contact"]["address"]
        assert m["customer"] in reserve["text"]
        assert m["reserve_of"] is None
    counted = preview["statistics"]
    further = [m for m in kept if m["reserve"]["reserve"]]
    assert sum(counted["in_reserve"].values()) == len(kept) + len(further)
    assert counted["messages"] == len(preview["sample_messages"])


def test_channels_asked_for_by_name_have_no_reserve(client: TestClient) -> None:
    campaign_id, _ = drafted(client)
    client.patch(f"/api/campaigns/{campaign_id}", json={"channels": ["email"]})
    preview = client.get(f"/api/campaigns/{campaign_id}/preview?samples=50").json()
    assert {m["channel"] for m in preview["sample_messages"]} == {"email"}
    assert not any(m["reserve"] for m in preview["sample_messages"])


def test_an_edit_drops_the_reserve_and_restoring_the_text_brings_it_back(
    client: TestClient,
) -> None:
    campaign_id, preview = drafted(client)
    first = next(m for m in preview["sample_messages"] if m["reserve"])
    there = f"/api/campaigns/{campaign_id}/messages/{first['message_id']}"
    edited = client.patch(there, json={"text": first["text"] + "\n\nThank you."}).json()
    assert edited["reserve"] is None
    restored = client.patch(there, json={"text": None}).json()
    assert restored["reserve"]["text"] == first["reserve"]["text"]
