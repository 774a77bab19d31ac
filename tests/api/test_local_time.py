"""A campaign goes at a time of day where each customer is: sent so, submitted so, moved so."""

from datetime import datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from campaigns.bootstrap import Services
from campaigns.model.access import SYSTEM, Scope

EVERYWHERE = "Announce our new playlists to all customers"
AT_TEN = {"at": "10:00", "on": "2025-09-20"}


def created(client: TestClient) -> str:
    made = client.post("/api/campaigns/create", json={"human_request": EVERYWHERE})
    return f"/api/campaigns/{made.json()['campaign_id']}"


def approve(client: TestClient, draft: str) -> str:
    client.post(f"{draft}/submit")
    answer = client.post(f"{draft}/approve", json={"content_hash": hash_of(client, draft)})
    assert answer.json()["status"] == "approved", answer.text
    return draft


@pytest.fixture
def draft(client: TestClient) -> str:
    return created(client)


@pytest.fixture
def approved(client: TestClient, draft: str) -> str:
    return approve(client, draft)


@pytest.fixture(scope="module")
def refusing(client: TestClient) -> dict[str, str]:
    """A campaign to be sent and one to be moved, for what changes neither."""
    ready, scheduled = approve(client, created(client)), approve(client, created(client))
    client.post(f"{scheduled}/send", json={"local_time": AT_TEN})
    return {"send": ready, "reschedule": scheduled}


def hash_of(client: TestClient, at: str) -> str:
    return str(client.get(f"{at}/preview").json()["content_hash"])


def trail(house: Services, at: str) -> list[tuple[str, str, object]]:
    found, _ = house.access.audit(f"campaign:{at.rpartition('/')[2]}", "", 10)
    return [(e.action, e.actor, e.detail.get("by", e.detail.get("then"))) for e in found]


def key(house: Services, owner: str, *scopes: Scope) -> dict[str, str]:
    _, secret = house.access.create_key(owner, frozenset({Scope.READ, *scopes}), SYSTEM)
    return {"Authorization": f"Bearer {secret}"}


def wall(shown: dict[str, Any]) -> tuple[str, str]:
    at = datetime.fromisoformat(shown["at"])
    return at.date().isoformat(), f"{at:%H:%M}"


def test_it_is_sent_by_each_customers_clock_and_says_when_the_first_and_the_last_leave(
    client: TestClient, house: Services, approved: str
) -> None:
    answer = client.post(f"{approved}/send", json={"local_time": AT_TEN})
    assert answer.status_code == 202, answer.text
    sent = answer.json()
    assert (sent["status"], sent["local_time"]) == ("scheduled", AT_TEN)
    first, last = sent["leaves"]["first"], sent["leaves"]["last"]
    assert wall(first) == wall(last) == ("2025-09-20", "10:00")
    assert first["zone"] != last["zone"]
    assert datetime.fromisoformat(first["at"]) < datetime.fromisoformat(last["at"])
    assert datetime.fromisoformat(sent["schedule_at"]) == datetime.fromisoformat(first["at"])
    forecast = client.get(f"{approved}/preview").json()["forecast"]
    assert datetime.fromisoformat(forecast["last_at"]) == datetime.fromisoformat(last["at"])
    assert client.get(approved).json()["local_time"] == AT_TEN
    by = "10:00 in each customer's time zone"
    assert trail(house, approved)[0] == ("campaign.schedule", "admin", by)


def test_a_scheduled_campaign_changes_its_clock_and_loses_its_time(
    client: TestClient, approved: str
) -> None:
    house_time = {"schedule_at": "2025-09-18T10:00:00+07:00"}
    own = client.post(f"{approved}/send", json=house_time).json()
    assert "local_time" not in own
    # One instant is another hour where the others are: some wait for their send window.
    assert any("send window" in why for why in own["leaves"]["held_by"])
    local = {"at": "14:30", "on": None}
    moved = client.post(f"{approved}/reschedule", json={"local_time": local}).json()
    assert (moved["status"], moved["local_time"]) == ("scheduled", local)
    assert wall(moved["leaves"]["first"])[1] == "14:30"
    assert wall(moved["leaves"]["last"])[1] == "14:30"
    back = client.post(f"{approved}/reschedule", json=house_time).json()
    assert (back["local_time"], back["schedule_at"][:13]) == (None, "2025-09-18T03")
    none = client.post(f"{approved}/reschedule", json={"schedule_at": None}).json()
    assert none["status"] == "approved"
    assert (none["schedule_at"], none["local_time"], none["leaves"]) == (None, None, None)


@pytest.mark.parametrize(
    ("body", "pointer", "way_out"),
    [
        ({"local_time": {"at": "22:00"}}, "/local_time/at", "send window 09:00-18:00: choose"),
        ({"local_time": {"at": "18:00"}}, "/local_time/at", "CAMPAIGNS_SEND_WINDOW"),
        (
            {"local_time": {"at": "10:00", "on": "2025-09-14"}},
            "/local_time/on",
            "choose 2025-09-15 or",
        ),
        ({"local_time": {"at": "10:00", "on": "9999-12-31"}}, "/local_time/on", "choose a day"),
        ({"local_time": {"at": "25:00"}}, "/local_time/at", "pattern"),
        ({"local_time": {"at": "10:00+07:00"}}, "/local_time/at", "pattern"),
        ({"local_time": {"on": "2025-09-20"}}, "/local_time/at", "required"),
        ({"local_time": {"at": "10:00", "zone": "UTC"}}, "/local_time/zone", "not permitted"),
        ({"schedule_at": "9999-12-31T23:00:00+00:00"}, "/schedule_at", "choose a day until"),
        (
            {"local_time": AT_TEN, "schedule_at": "2025-09-18T10:00:00+07:00"},
            "/local_time",
            "one time only",
        ),
    ],
)
@pytest.mark.parametrize("verb", ["send", "reschedule"])
def test_an_impossible_time_is_refused_with_the_way_out(
    client: TestClient,
    refusing: dict[str, str],
    verb: str,
    body: dict[str, Any],
    pointer: str,
    way_out: str,
) -> None:
    at = refusing[verb]
    before = client.get(at).json()
    answer = client.post(f"{at}/{verb}", json=body)
    assert answer.status_code == 422, answer.text
    [fault] = answer.json()["errors"]
    assert fault["pointer"] == pointer
    assert way_out in fault["detail"]
    assert client.get(at).json() == before


def test_a_test_has_no_time_and_a_move_needs_one(client: TestClient, approved: str) -> None:
    test = {"test_mode": True, "local_time": AT_TEN}
    answer = client.post(f"{approved}/send", json=test)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/local_time")
    assert client.post(f"{approved}/reschedule", json={}).status_code == 422
    early = client.post(f"{approved}/reschedule", json={"local_time": AT_TEN})
    assert early.status_code == 409
    assert "approved" in early.json()["detail"]
    nowhere = "/api/campaigns/c_none/reschedule"
    assert client.post(nowhere, json={"local_time": AT_TEN}).status_code == 404


def test_what_is_submitted_to_go_by_itself_is_scheduled_by_an_approval_of_that(
    client: TestClient, house: Services, draft: str
) -> None:
    local = {"at": "11:00", "on": None}
    waiting = client.post(f"{draft}/submit", json={"local_time": local, "note": "please"}).json()
    assert (waiting["status"], waiting["local_time"]) == ("in_review", local)
    assert wall(waiting["leaves"]["first"])[1] == "11:00"
    shown = client.get(f"{draft}/preview").json()
    assert shown["local_time"] == local
    yes = {"content_hash": shown["content_hash"]}
    other = client.post(f"{draft}/approve", json=yes | {"starts": "10:00"})
    assert other.status_code == 409
    assert "no longer goes by itself at 10:00" in other.json()["detail"]
    assert client.post(f"{draft}/approve", json=yes | {"starts": "noon"}).status_code == 422
    done = client.post(f"{draft}/approve", json=yes | {"starts": "11:00"}).json()
    assert (done["status"], done["local_time"]) == ("scheduled", local)
    assert wall(done["leaves"]["last"])[1] == "11:00"
    by = "11:00 in each customer's time zone"
    assert trail(house, draft)[:4] == [
        ("campaign.test_skipped", "admin", None),
        ("campaign.schedule", "admin", by),
        ("campaign.approve", "admin", None),
        ("campaign.submit", "admin", by),
    ]


def test_an_approval_that_names_no_start_leaves_it_waiting(client: TestClient, draft: str) -> None:
    client.post(f"{draft}/submit", json={"local_time": {"at": "10:00"}})
    done = client.post(f"{draft}/approve", json={"content_hash": hash_of(client, draft)}).json()
    assert (done["status"], done["local_time"], done["schedule_at"]) == ("approved", None, None)


def test_what_was_submitted_to_go_by_itself_is_held_back(client: TestClient, draft: str) -> None:
    assert client.post(f"{draft}/hold-back").status_code == 409
    client.post(f"{draft}/submit", json={"local_time": {"at": "10:00"}})
    held = client.post(f"{draft}/hold-back")
    assert (held.json()["status"], held.json()["local_time"]) == ("in_review", None)
    yes = {"content_hash": hash_of(client, draft), "starts": "10:00"}
    assert client.post(f"{draft}/approve", json=yes).status_code == 409
    assert client.post("/api/campaigns/c_none/hold-back").status_code == 404


def test_a_submission_outside_the_send_window_is_refused(client: TestClient, draft: str) -> None:
    answer = client.post(f"{draft}/submit", json={"local_time": {"at": "08:59"}})
    assert (answer.status_code, "choose a time in it" in answer.text) == (422, True)
    assert client.get(draft).json()["status"] == "draft"


def test_going_by_itself_takes_the_right_to_send(
    client: TestClient, house: Services, draft: str
) -> None:
    writer = key(house, "writer", Scope.COMPOSE)
    local = {"local_time": {"at": "10:00"}}
    refused = client.post(f"{draft}/submit", json=local, headers=writer)
    assert (refused.status_code, "may send" in refused.json()["detail"]) == (403, True)
    sender = key(house, "sender", Scope.COMPOSE, Scope.SEND)
    assert client.post(f"{draft}/submit", json=local, headers=sender).status_code == 200
    assert client.post(f"{draft}/hold-back", headers=writer).status_code == 403
    assert client.post(f"{draft}/hold-back", headers=sender).status_code == 200
    assert client.post(f"{draft}/reschedule", json=local, headers=writer).status_code == 403
    assert client.post(f"{draft}/send", json=local, headers=writer).status_code == 403


def test_the_same_call_again_schedules_once(
    client: TestClient, house: Services, approved: str
) -> None:
    once = {"Idempotency-Key": approved}
    first = client.post(f"{approved}/send", json={"local_time": AT_TEN}, headers=once)
    again = client.post(f"{approved}/send", json={"local_time": AT_TEN}, headers=once)
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    scheduled = [action for action, _, _ in trail(house, approved) if "schedule" in action]
    assert scheduled == ["campaign.schedule"]
