"""Texts of their own for single customers: from their facts alone, guarded, each looked at."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.support.model_house import REQUEST, messages_of, model_house, survey
from tests.support.model_server import Asked, Fault, Model, model_server

from campaigns.bootstrap import Services

Posted = dict[str, Any]
House = tuple[Services, TestClient]


def personal(asked: Asked) -> str:
    """Answer for one customer alone with a sentence that names it."""
    if asked.job != "compose" or "<data" not in asked.turns[0]:
        return survey(asked)
    text = asked.house_text
    record = json.loads(asked.data)
    assert record["music_areas"] == ["Lobby", "Pool"]
    text["paragraphs"].append(["We hope the music at {customer} is going well."])
    return json.dumps(text)


@pytest.fixture(scope="module")
def served() -> Iterator[Model]:
    with model_server(personal) as server:
        yield server


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, served: Model) -> Iterator[House]:
    with model_house(tmp_path_factory.mktemp("house"), served) as house:
        yield house


@pytest.fixture
def model(opened: House, served: Model) -> Model:
    """The model as it was at first: willing, and asked nothing."""
    served.forever, served.speak = None, personal
    served.asked.clear()
    assert opened[0].minds.engine is not None
    opened[0].minds.engine.probe()  # ends the rest after an outage
    return served


@pytest.fixture
def client(opened: House, model: Model) -> TestClient:
    return opened[1]


_TURN = itertools.count()


def campaign(client: TestClient) -> tuple[str, list[Posted]]:
    """Create a campaign; its messages begin with a customer nothing was written to before."""
    made = client.post("/api/campaigns/create", json={"human_request": REQUEST}).json()
    found = messages_of(client, made["campaign_id"])
    customers = list(dict.fromkeys(m["customer_id"] for m in found))
    first = customers[next(_TURN) % len(customers)]
    return made["campaign_id"], sorted(found, key=lambda m: m["customer_id"] != first)


def chosen(client: TestClient, campaign_id: str, *customers: str) -> Posted:
    answer = client.put(
        f"/api/campaigns/{campaign_id}/individual", json={"customers": list(customers)}
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_customer_gets_a_text_of_its_own_and_each_message_must_be_looked_at(
    client: TestClient, model: Model
) -> None:
    campaign_id, before = campaign(client)
    customer = before[0]["customer_id"]
    found = chosen(client, campaign_id, customer)
    assert found["customers"] == [customer]
    own = found["messages"]
    assert {m["customer_id"] for m in own} == {customer}
    assert found["waiting"] == len(own) > 0
    for m in own:
        assert (m["review"], m["writer"], m["status"]) == (
            "individual",
            "openai:gpt-4o",
            "verified",
        ), m
        assert f"We hope the music at {m['customer']} is going well." in m["text"]
    others = [m for m in messages_of(client, campaign_id) if m["customer_id"] != customer]
    assert not any("is going well." in m["text"] or m["review"] for m in others)

    refused = client.post(f"/api/campaigns/{campaign_id}/submit")
    assert refused.status_code == 409
    assert "looked at one by one" in refused.json()["detail"]
    at = f"/api/campaigns/{campaign_id}/messages"
    for m in own:
        seen = client.post(f"{at}/{m['message_id']}/review").json()
        assert seen["reviewed_by"] == "admin"
    assert client.post(f"/api/campaigns/{campaign_id}/submit").status_code == 200


def test_the_model_sees_nothing_of_the_customers_people(client: TestClient, model: Model) -> None:
    campaign_id, before = campaign(client)
    chosen(client, campaign_id, before[0]["customer_id"])
    shown = [json.dumps(a.body, ensure_ascii=False) for a in model.asked if a.job == "compose"]
    assert any(before[0]["customer"] in words for words in shown)
    for words in shown:
        assert not any(w in words for w in ("Anna", "สมชาย", "riverside.example", "+66 81"))


def test_words_changed_after_the_look_ask_for_another(client: TestClient) -> None:
    campaign_id, before = campaign(client)
    own = chosen(client, campaign_id, before[0]["customer_id"])["messages"][0]
    at = f"/api/campaigns/{campaign_id}/messages/{own['message_id']}"
    assert client.post(f"{at}/review").json()["reviewed_by"] == "admin"
    edited = client.patch(at, json={"text": own["text"] + "\nThank you!"}).json()
    assert (edited["review"], edited["reviewed_by"]) == ("individual", None)
    blocked = client.patch(at, json={"text": own["text"] + "\nIt is free."}).json()
    assert blocked["status"] == "blocked"
    assert client.post(f"{at}/review").status_code == 409


def test_a_look_outlives_a_change_that_leaves_the_words_alone(client: TestClient) -> None:
    campaign_id, before = campaign(client)
    own = chosen(client, campaign_id, before[0]["customer_id"])["messages"]
    at = f"/api/campaigns/{campaign_id}"
    for m in own:
        client.post(f"{at}/messages/{m['message_id']}/review")
    other = next(m for m in before if m["customer_id"] != before[0]["customer_id"])
    gone = {"customer_id": other["customer_id"], "include": False}
    assert client.patch(at, json={"contacts": [gone]}).status_code == 200
    assert client.get(f"{at}/individual").json()["waiting"] == 0


def test_facts_of_another_customer_are_refused_and_the_houses_text_stands_in(
    client: TestClient, model: Model
) -> None:
    def mixed_up(asked: Asked) -> str:
        if asked.job != "compose" or "<data" not in asked.turns[0]:
            return survey(asked)
        text = asked.house_text
        text["paragraphs"].append(["We hope the Skybar is a joy."])
        return json.dumps(text)

    model.speak = mixed_up
    campaign_id, before = campaign(client)
    for m in chosen(client, campaign_id, before[0]["customer_id"])["messages"]:
        assert "Skybar" not in m["text"]
        assert (m["writer"], m["review"], m["status"]) == ("embedded", "individual", "verified")
        assert m["fallback"]


def test_an_outage_leaves_the_houses_text_and_says_why(client: TestClient, model: Model) -> None:
    campaign_id, before = campaign(client)
    model.forever = Fault.DENIED
    for m in chosen(client, campaign_id, before[0]["customer_id"])["messages"]:
        assert "the key was refused" in m["fallback"]


def test_who_is_not_in_the_campaign_is_named(client: TestClient) -> None:
    campaign_id, _ = campaign(client)
    answer = client.put(f"/api/campaigns/{campaign_id}/individual", json={"customers": ["x"]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/customers/0"
    assert client.post(f"/api/campaigns/{campaign_id}/messages/m_0/review").status_code == 404


def test_taken_back_the_customer_shares_its_cohorts_text_again(client: TestClient) -> None:
    campaign_id, before = campaign(client)
    chosen(client, campaign_id, before[0]["customer_id"])
    assert chosen(client, campaign_id)["messages"] == []
    texts = {m["message_id"]: m["text"] for m in before}
    assert {m["message_id"]: m["text"] for m in messages_of(client, campaign_id)} == texts
    shared = client.post(f"/api/campaigns/{campaign_id}/messages/{before[0]['message_id']}/review")
    assert shared.status_code == 409


def test_variants_and_texts_of_their_own_do_not_go_together(client: TestClient) -> None:
    campaign_id, before = campaign(client)
    at = f"/api/campaigns/{campaign_id}"
    chosen(client, campaign_id, before[0]["customer_id"])
    two = {"variants": [{"tone": "warm"}, {"tone": "formal"}]}
    assert client.post(f"{at}/variants", json=two).status_code == 409
    chosen(client, campaign_id)
    assert client.post(f"{at}/variants", json=two).status_code == 200
    again = client.put(f"{at}/individual", json={"customers": [before[0]["customer_id"]]})
    assert again.status_code == 409


def test_without_a_model_it_says_that_it_needs_one(tmp_path: Path, model: Model) -> None:
    without = {"openai_api_key": None, "openai_base_url": None}
    with model_house(tmp_path, model, **without) as (_, client):
        campaign_id, before = campaign(client)
        answer = client.put(
            f"/api/campaigns/{campaign_id}/individual",
            json={"customers": [before[0]["customer_id"]]},
        )
    assert answer.status_code == 409
    assert "OPENAI_API_KEY" in answer.json()["detail"]
