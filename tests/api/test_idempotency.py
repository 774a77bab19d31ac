"""The same write twice under one Idempotency-Key is done once."""

from starlette.testclient import TestClient

BODY = {"human_request": "Send renewal reminders to all Hiltons expiring in October"}


def post(client: TestClient, key: str, body: dict[str, str]) -> tuple[int, dict[str, object], bool]:
    answer = client.post("/api/campaigns/create", json=body, headers={"Idempotency-Key": key})
    return answer.status_code, answer.json(), "idempotency-replayed" in answer.headers


def test_a_repeated_create_makes_one_campaign(client: TestClient) -> None:
    first_status, first, first_replayed = post(client, "once", BODY)
    second_status, second, second_replayed = post(client, "once", BODY)
    assert (first_status, second_status) == (201, 201)
    assert first["campaign_id"] == second["campaign_id"]
    assert (first_replayed, second_replayed) == (False, True)


def test_another_request_under_the_same_key_is_refused(client: TestClient) -> None:
    post(client, "mine", BODY)
    status, body, _ = post(client, "mine", {"human_request": "Something else"})
    assert status == 422
    assert "another request" in str(body["detail"])


def test_a_refused_write_can_be_tried_again(client: TestClient) -> None:
    bad = {"surprise": "x"}
    assert post(client, "retry", bad)[0] == 422
    assert post(client, "retry", BODY)[0] == 201


def test_an_unusable_key_is_refused(client: TestClient) -> None:
    assert post(client, "x" * 200, BODY)[0] == 422
