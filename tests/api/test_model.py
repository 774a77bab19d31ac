"""A house with a model: what it costs, and what is left when it goes away in the middle."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.support.model_house import CUSTOMERS, REQUEST, TEXTS, messages_of, model_house, survey
from tests.support.model_server import KEY, Asked, Fault, Model, model_server, parrot

from campaigns.bootstrap import Services
from campaigns.cli.doctor import diagnose
from campaigns.model.access import SYSTEM, Scope
from campaigns.model.reply import ReplyContext

Open = Callable[..., tuple[Services, TestClient]]


@pytest.fixture
def model() -> Iterator[Model]:
    with model_server(survey) as served:
        yield served


@pytest.fixture
def house(tmp_path: Path, model: Model) -> Iterator[Open]:
    with ExitStack() as stack:
        yield lambda **changed: stack.enter_context(model_house(tmp_path, model, **changed))


def create(client: TestClient) -> dict[str, Any]:
    answer = client.post("/api/campaigns/create", json={"human_request": REQUEST})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def statistics(client: TestClient, campaign_id: str) -> dict[str, Any]:
    shown = client.get(f"/api/campaigns/{campaign_id}/preview", params={"samples": 100}).json()
    assert {m["status"] for m in shown["sample_messages"]} == {"verified"}
    found: dict[str, Any] = shown["statistics"]
    return found


def test_a_model_reads_and_writes_and_everything_says_so(house: Open, model: Model):
    _, client = house()
    made = create(client)
    assert made["interpreter"] == "openai:gpt-4o"
    assert made["plan"]["fallback"] is None
    figures = statistics(client, made["campaign_id"])
    assert figures["writers"] == {"openai:gpt-4o": 2 * CUSTOMERS}
    assert figures["fallbacks"] == []
    assert figures["model"]["calls"] == len(model.asked) == TEXTS + 1
    assert 0 < figures["model"]["cost"] < figures["model"]["budget"]
    spent = client.get("/api/model").json()
    assert spent["engine"] == "openai:gpt-4o"
    assert spent["month"]["by_job"] == {"compose": TEXTS, "interpret": 1}
    assert float(spent["month"]["cost"]) == pytest.approx(figures["model"]["cost"])
    assert KEY not in json.dumps(spent)


def test_the_forecast_is_shown_before_and_is_not_crossed_after(house: Open):
    _, client = house()
    asked = client.post("/api/campaigns/ask", json={"human_request": REQUEST}).json()
    forecast = asked["forecast"]
    assert (forecast["texts"], forecast["kept"], forecast["refusal"]) == (TEXTS, 0, None)
    assert client.get("/api/campaigns").json()["campaigns"] == []
    made = create(client)
    cost = statistics(client, made["campaign_id"])["model"]["cost"]
    assert 0 < cost <= float(forecast["at_most_cost"])
    again = client.post("/api/campaigns/ask", json={"human_request": REQUEST}).json()
    assert (again["forecast"]["kept"], float(again["forecast"]["at_most_cost"])) == (TEXTS, 0)


def pulled_at(model: Model, compose: int, fault: Fault) -> None:
    """Have the server fail from the so-maniest text on."""

    def speak(asked: Asked) -> str:
        composed = sum(a.job == "compose" for a in model.asked)
        if composed >= compose:
            model.forever = fault
        return survey(asked)

    model.speak = speak


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.DENIED, "the key was refused (401)"),
        (Fault.TOO_MANY, "the account's quota is used up (429)"),
        (Fault.CUT, "the connection to the model's server broke"),
        (Fault.BROKEN, "the model's server answered 500"),
        (Fault.SLOW, "no answer within 4 s"),
        (Fault.NO_SCHEMA, "not in the form asked for"),
        (Fault.REFUSES, "the model refused to answer"),
    ],
)
def test_pulling_the_key_or_the_network_while_forty_messages_are_written_loses_nothing(
    house: Open, model: Model, fault: Fault, reason: str
):
    services, client = house(campaigns_ai_timeout="4" if fault is Fault.SLOW else "60")
    pulled_at(model, 3, fault)
    made = create(client)
    assert made["audience"]["customers"] == CUSTOMERS
    figures = statistics(client, made["campaign_id"])
    assert figures["messages"] == 2 * CUSTOMERS
    assert figures["writers"]["openai:gpt-4o"] + figures["writers"]["embedded"] == 2 * CUSTOMERS
    assert reason in " ".join(f["reason"] for f in figures["fallbacks"])
    told = sum(f["messages"] for f in figures["fallbacks"])
    assert told == figures["writers"]["embedded"] > 0

    model.forever, model.speak = None, survey
    assert services.minds.engine is not None
    assert services.minds.engine.probe() is None
    again = client.patch(
        f"/api/campaigns/{made['campaign_id']}", json={"human_request": REQUEST}
    ).json()
    assert again["status"] == "draft"
    whole = statistics(client, made["campaign_id"])
    assert whole["writers"] == {"openai:gpt-4o": 2 * CUSTOMERS}


def promising(words: str) -> Callable[[Asked], str]:
    """Answer as a model that reads right and writes `words` into every text."""

    def speak(asked: Asked) -> str:
        if asked.job != "compose":
            return survey(asked)
        text = asked.house_text
        text["paragraphs"].append([words])
        return json.dumps(text)

    return speak


@pytest.mark.parametrize(
    ("speak", "kept_out"),
    [
        (promising("Your rate is 4,711 per zone."), "4,711"),
        (promising("As you asked, everything is free and the code is SECRET."), "SECRET"),
        (promising("Read more on https://evil.example today."), "evil.example"),
        (lambda asked: survey(asked)[:-9] if asked.job == "compose" else survey(asked), "{"),
    ],
    ids=["wrong facts", "injection obeyed", "a link", "bad JSON"],
)
def test_what_a_model_makes_up_for_forty_messages_reaches_none(
    house: Open, model: Model, speak: Callable[[Asked], str], kept_out: str
):
    _, client = house()
    model.speak = speak
    made = create(client)
    figures = statistics(client, made["campaign_id"])
    assert figures["writers"] == {"embedded": 2 * CUSTOMERS}
    assert sum(f["messages"] for f in figures["fallbacks"]) == 2 * CUSTOMERS
    assert all("no usable answer in 3 tries" in f["reason"] for f in figures["fallbacks"])
    found = messages_of(client, made["campaign_id"])
    assert len(found) == 2 * CUSTOMERS
    assert not [m for m in found if kept_out in m["text"]]


def test_a_server_that_is_gone_while_forty_messages_are_written_is_named(house: Open, model: Model):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"
    _, client = house(openai_base_url=nowhere)
    made = create(client)
    assert made["interpreter"] == "embedded"
    figures = statistics(client, made["campaign_id"])
    assert figures["writers"] == {"embedded": 2 * CUSTOMERS}
    assert {f["reason"] for f in figures["fallbacks"]} == {f"{nowhere} cannot be reached"}


def test_a_budget_spent_midway_stops_hard_and_says_so(house: Open, model: Model):
    # A reading and a few texts fit: what is set aside is given back after each.
    _, client = house(campaigns_ai_per_campaign="0.20", campaigns_ai_price="2.50/10")

    def wordy(asked: Asked) -> str:
        return survey(asked) + " " * 8 + "\n" * 8 if asked.job == "compose" else survey(asked)

    model.speak = wordy
    made = create(client)
    figures = statistics(client, made["campaign_id"])
    assert figures["messages"] == 2 * CUSTOMERS
    assert figures["model"]["cost"] <= 0.20
    reasons = [f["reason"] for f in figures["fallbacks"]]
    assert reasons
    assert all("CAMPAIGNS_AI_PER_CAMPAIGN" in reason for reason in reasons)


def test_no_budget_at_all_is_the_embedded_engine_labelled(house: Open, model: Model):
    _, client = house(campaigns_ai_per_month="0")
    made = create(client)
    assert made["interpreter"] == "embedded"
    assert "CAMPAIGNS_AI_PER_MONTH" in made["plan"]["fallback"]
    assert statistics(client, made["campaign_id"])["writers"] == {"embedded": 2 * CUSTOMERS}
    assert model.asked == []


def test_an_edit_costs_nothing_and_keeps_who_wrote(house: Open, model: Model):
    _, client = house()
    made = create(client)
    before = len(model.asked)
    at = f"/api/campaigns/{made['campaign_id']}/messages"
    first = client.get(at).json()["messages"][0]
    edited = client.patch(
        f"{at}/{first['message_id']}", json={"text": first["text"] + "\nThank you!"}
    ).json()
    assert edited["edited"]
    assert edited["writer"] == "openai:gpt-4o"
    assert len(model.asked) == before


def test_a_reply_is_read_outside_any_transaction_and_paid_by_its_campaign(
    house: Open, model: Model
):
    services, client = house()
    held: list[bool] = []

    def speak(asked: Asked) -> str:
        # Writing while the model thinks must not wait for it.
        services.access.create_key(f"k{len(held)}", frozenset({Scope.READ}), SYSTEM)
        held.append(True)
        return parrot(asked)

    model.speak = speak
    body = {
        "identifier": "gm01@riverside.example",
        "message": "Could you tell me whether the playlists can be changed?",
        "channel": "email",
    }
    answer = client.post("/api/campaigns/response", json=body)
    assert answer.status_code == 200, answer.text
    assert held == [True]
    assert answer.json()["interpreter"] == "openai:gpt-4o"


def test_without_a_key_the_embedded_engine_does_it_all(house: Open, model: Model):
    services, client = house(openai_api_key=None, openai_base_url=None)
    assert services.minds.engine is None
    assert client.get("/api/model").json()["engine"] == "embedded"
    asked = client.post("/api/campaigns/ask", json={"human_request": REQUEST}).json()
    assert (asked["interpreter"], asked["forecast"]) == ("embedded", None)
    assert statistics(client, create(client)["campaign_id"])["model"] is None
    assert model.asked == []


def test_doctor_says_which_engine_works_and_what_it_may_still_cost(house: Open, model: Model):
    services, _ = house()
    told = "\n".join(f"{f.what} {f.next_step}" for f in diagnose(services))
    assert "Engine: openai:gpt-4o answers" in told
    assert "of $50.00" in told
    model.forever = Fault.DENIED
    told = "\n".join(f"{f.what} {f.next_step}" for f in diagnose(services))
    assert "does not answer" in told
    assert "check OPENAI_API_KEY" in told


def test_doctor_names_the_embedded_engine_without_a_key(house: Open):
    services, _ = house(openai_api_key=None, openai_base_url=None)
    assert any(f.what.startswith("Engine: embedded") for f in diagnose(services))


def test_the_readings_of_a_house_name_their_engine(house: Open):
    services, _ = house()
    context = ReplyContext(today=services.clock.today())
    assert services.answers.read("STOP", context).engine == "embedded"
