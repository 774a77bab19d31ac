"""/api/automations: set up, looked at, changed, run; refused with names; done by the engine."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from campaigns.bootstrap import Services
from campaigns.model.access import SYSTEM, Scope

BODY = {
    "name": "Monthly renewals",
    "human_request": "Prepare renewal reminders for all Hiltons expiring within 60 days",
    "rhythm": {"every": "month", "day": 31, "at": "08:30"},
}


def create(client: TestClient, **more: Any) -> dict[str, Any]:
    answer = client.post("/api/automations", json=BODY | more)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_an_automation_is_set_up_and_shows_what_it_means_today(client: TestClient) -> None:
    made = create(client)
    assert made["active"] is True
    assert made["rhythm"]["words"] == "every month on day 31 (or its last) at 08:30"
    assert made["next_due_at"] == "2025-09-30T01:30:00Z"
    assert made["plan"]["type"] == "renewal"
    assert made["plan"]["filters"]["brand"] == ["Hilton"]
    assert made["audience"]["customers"] > 0
    at = f"/api/automations/{made['automation_id']}"
    assert client.get(at).json()["name"] == "Monthly renewals"
    listed = client.get("/api/automations").json()["automations"]
    assert made["automation_id"] in [a["automation_id"] for a in listed]


def test_a_rhythm_may_be_said_in_the_request_itself(client: TestClient) -> None:
    asked = "prepare renewal reminders for contracts that end within 60 days"
    said = client.post("/api/automations", json={"human_request": f"Every month, {asked}"})
    assert said.status_code == 201, said.text
    assert said.json()["human_request"] == asked
    assert said.json()["rhythm"]["words"] == "every month on day 1 at 09:00"
    at = f"/api/automations/{said.json()['automation_id']}"
    weekly = client.patch(at, json={"human_request": f"Every Friday at 10, {asked}"}).json()
    assert weekly["rhythm"]["words"] == "every week on Friday at 10:00"
    agreed = {"human_request": f"Every month, {asked}", "rhythm": {"every": "month", "day": 5}}
    assert client.post("/api/automations", json=agreed).json()["rhythm"]["day"] == 5
    at_odds = agreed | {"rhythm": {"every": "week", "weekday": "friday"}}
    refused = client.post("/api/automations", json=at_odds)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/rhythm"


def test_run_now_makes_a_campaign_in_review_once(client: TestClient) -> None:
    at = f"/api/automations/{create(client)['automation_id']}"
    run = client.post(f"{at}/run")
    assert run.status_code == 201
    body = run.json()
    assert (body["outcome"], body["by"]) == ("in_review", "admin")
    campaign = client.get(f"/api/campaigns/{body['campaign_id']}").json()
    assert campaign["status"] == "in_review"
    assert campaign["name"] == "Monthly renewals, 15 Sep 2025"
    again = client.post(f"{at}/run").json()
    assert (again["outcome"], again["campaign_id"]) == ("nobody_new", None)
    runs = client.get(f"{at}/runs", params={"limit": 1}).json()
    assert runs["runs"] == [again]
    following = {"limit": 1, "cursor": runs["next_cursor"]}
    assert client.get(f"{at}/runs", params=following).json()["runs"] == [body]


def test_run_now_twice_under_one_key_runs_once(client: TestClient) -> None:
    at = f"/api/automations/{create(client)['automation_id']}"
    key = {"Idempotency-Key": f"run {at}"}
    first, second = (client.post(f"{at}/run", headers=key) for _ in range(2))
    assert first.json() == second.json()
    assert len(client.get(f"{at}/runs").json()["runs"]) == 1


def test_it_is_changed_paused_and_removed(client: TestClient) -> None:
    at = f"/api/automations/{create(client)['automation_id']}"
    changed = client.patch(at, json={"rhythm": {"at": "17:00"}, "again_after_days": 90}).json()
    assert (changed["rhythm"]["at"], changed["rhythm"]["day"]) == ("17:00", 31)
    assert changed["again_after_days"] == 90
    paused = client.patch(at, json={"active": False}).json()
    assert (paused["active"], paused["next_due_at"]) == (False, None)
    weekly = {"rhythm": {"every": "week", "weekday": "friday"}}
    assert client.patch(at, json=weekly).json()["rhythm"]["words"] == (
        "every week on Friday at 09:00"
    )
    structured = {"type": "survey", "filters": {"brand": "Hilton"}}
    changed = client.patch(at, json=structured).json()
    assert (changed["human_request"], changed["structured"]) == (None, structured)
    changed = client.patch(at, json={"tone": "formal"}).json()
    assert changed["structured"] == structured | {"tone": "formal"}
    assert client.delete(at).status_code == 204
    assert client.get(at).status_code == 404
    assert client.delete(at).status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"human_request": "Prepare renewal reminders"}, "/rhythm"),
        (BODY | {"rhythm": {"every": "month"}}, "/rhythm/day"),
        (BODY | {"rhythm": {"every": "day", "at": "9 o'clock"}}, "/rhythm/at"),
        (BODY | {"rhythm": {"every": "day", "minutes": 5}}, "/rhythm/minutes"),
        (BODY | {"human_request": "Send something to the florps"}, "/human_request"),
        (BODY | {"again_after_days": 0}, "/again_after_days"),
        (BODY | {"type": "renewal"}, "/type"),
        (BODY | {"status": "approved"}, "/status"),
    ],
)
def test_what_is_wrong_is_named_by_a_pointer(
    client: TestClient, body: dict[str, Any], pointer: str
) -> None:
    answer = client.post("/api/automations", json=body)
    assert answer.status_code == 422
    assert pointer in [e["pointer"] for e in answer.json()["errors"]]


def test_changing_nothing_and_unknown_automations_are_refused(client: TestClient) -> None:
    at = f"/api/automations/{create(client)['automation_id']}"
    assert client.patch(at, json={}).status_code == 422
    unknown = client.patch("/api/automations/a_none", json={"active": False})
    assert unknown.status_code == 404
    assert "a_none" in unknown.json()["detail"]
    assert client.get("/api/automations/a_none/runs").status_code == 404
    assert client.post("/api/automations/a_none/run").status_code == 404


def test_reading_needs_read_and_everything_else_compose(
    client: TestClient, stranger: TestClient, house: Services
) -> None:
    at = f"/api/automations/{create(client)['automation_id']}"
    scopes = frozenset({Scope.READ, Scope.APPROVE, Scope.SEND})
    _, secret = house.access.create_key("reader", scopes, SYSTEM)
    key = {"X-API-Key": secret}
    assert stranger.get(at, headers=key).status_code == 200
    assert stranger.get(f"{at}/runs", headers=key).status_code == 200
    assert stranger.post("/api/automations", json=BODY, headers=key).status_code == 403
    assert stranger.patch(at, json={"active": False}, headers=key).status_code == 403
    assert stranger.post(f"{at}/run", headers=key).status_code == 403
    assert stranger.delete(at, headers=key).status_code == 403


def test_the_engine_carries_out_what_is_due_once_and_no_more_on_a_day_that_stands_still(
    client: TestClient, house: Services, until: Any
) -> None:
    made = create(client, rhythm={"every": "day", "at": "10:00"})
    at = f"/api/automations/{made['automation_id']}"
    # As if it had been set up two days before: the frozen day began at ten, so today's is due.
    with house.store.begin() as tx:
        stored = tx.automations.get(made["automation_id"])
        assert stored is not None
        changed = replace(stored, due_after=stored.due_after - timedelta(days=2))
        assert tx.automations.save(changed)
    until(lambda: bool(client.get(f"{at}/runs").json()["runs"]))
    [run] = client.get(f"{at}/runs").json()["runs"]
    assert (run["due_at"], run["missed"], run["by"]) == ("2025-09-15T03:00:00Z", 1, "system")
    assert "2025-09-14 10:00" in run["words"]
    looked = datetime.fromisoformat(run["at"]) + timedelta(seconds=5)
    until(lambda: house.clock.now() > looked)
    assert client.get(f"{at}/runs").json()["runs"] == [run]
