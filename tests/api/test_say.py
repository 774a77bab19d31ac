"""Talking to a campaign: the same campaign goes on, and the difference is shown."""

from starlette.testclient import TestClient


def made(client: TestClient, request: str) -> tuple[str, dict[str, object]]:
    answer = client.post("/api/campaigns/create", json={"human_request": request}).json()
    return f"/api/campaigns/{answer['campaign_id']}", answer


def test_an_edit_changes_the_same_campaign_and_shows_what_differs(client: TestClient) -> None:
    at, before = made(client, "Survey to all hotels in Thailand")
    answer = client.post(f"{at}/say", json={"words": "not Bangkok"})
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert said["changes"] == ["+ leave out City Bangkok"]
    assert said["customers_before"] == before["audience"]["customers"]
    assert said["audience"]["customers"] < said["customers_before"]
    assert said["campaign"]["campaign_id"] == before["campaign_id"]
    assert said["campaign"]["plan"]["exclude"] == {"city": ["Bangkok"]}


def test_what_is_not_understood_changes_nothing_and_asks(client: TestClient) -> None:
    at, before = made(client, "Survey to all hotels in Thailand")
    said = client.post(f"{at}/say", json={"words": "also the quokkas"}).json()
    assert "quokkas" in said["question"]["text"]
    assert said["changes"] == []
    assert client.get(at).json()["plan"] == before["plan"]


def test_an_answer_goes_on_with_the_same_campaign(client: TestClient) -> None:
    at, before = made(client, "Hotels in Thailand")
    assert before["status"] == "needs_clarification"
    said = client.post(f"{at}/say", json={"words": "survey"}).json()
    assert said["campaign"]["status"] == "draft"
    assert said["campaign"]["plan"]["type"] == "survey"
    assert said["audience"]["customers"] > 0


def test_an_edit_voids_an_approval(client: TestClient) -> None:
    at, _ = made(client, "Survey to all hotels in Thailand")
    client.post(f"{at}/submit")
    shown = client.get(f"{at}/preview").json()["content_hash"]
    assert client.post(f"{at}/approve", json={"content_hash": shown}).status_code == 200
    said = client.post(f"{at}/say", json={"words": "not Bangkok"}).json()
    assert said["campaign"]["status"] == "draft"
    assert said["campaign"]["approval"] is None


def test_a_seasonal_request_without_an_occasion_takes_each_countrys_own(client: TestClient) -> None:
    at, _ = made(client, "Seasonal campaign to all hotels in Thailand")
    shown = client.get(f"{at}/preview").json()["statistics"]
    assert shown["messages"] > 0
    assert shown["occasions"] == {"loy_krathong": shown["messages"]}
