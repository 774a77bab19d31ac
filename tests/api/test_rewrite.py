"""Rewriting a message: a proposal in other words, streamed, with the same facts and checks."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.support.model_house import REQUEST, messages_of, model_house, survey
from tests.support.model_server import Asked, Fault, Model, model_server


def writes(words: str) -> Any:
    """Answer every rewrite with `words`; `None` repeats what came."""

    def speak(asked: Asked) -> str:
        return words if asked.instructions.startswith("You rewrite") else survey(asked)

    return speak


@pytest.fixture
def model() -> Iterator[Model]:
    with model_server(survey) as served:
        yield served


@pytest.fixture
def client(tmp_path: Path, model: Model) -> Iterator[TestClient]:
    with model_house(tmp_path, model) as (_, opened):
        yield opened


def a_message(client: TestClient) -> tuple[str, dict[str, Any]]:
    made = client.post("/api/campaigns/create", json={"human_request": REQUEST}).json()
    english = [m for m in messages_of(client, made["campaign_id"]) if m["language"] == "en"]
    mail = next(m for m in english if m["channel"] == "email")
    return f"/api/campaigns/{made['campaign_id']}/messages/{mail['message_id']}", mail


def echoed(asked: Asked) -> str:
    """Answer a rewrite with the message itself and a wish behind it."""
    if asked.instructions.startswith("You rewrite"):
        return asked.data + "\n\nWe wish you a lovely day."
    return survey(asked)


def test_a_rewrite_is_a_proposal_with_its_checks_and_stores_nothing(client, model):
    at, before = a_message(client)
    model.speak = echoed
    answer = client.post(f"{at}/rewrite", json={"how": "warmer"})
    assert answer.status_code == 200, answer.text
    proposal = answer.json()
    assert proposal["fallback"] is None
    assert proposal["message"]["writer"] == "openai:gpt-4o"
    assert "We wish you a lovely day." in proposal["message"]["text"]
    assert proposal["message"]["status"] == "verified"
    assert client.get(at).json()["text"] == before["text"]
    taken = client.patch(at, json={"text": proposal["message"]["text"]}).json()
    assert (taken["status"], taken["edited"]) == ("verified", True)


def test_the_model_sees_slots_and_no_customer(client, model):
    at, before = a_message(client)
    model.speak = echoed
    client.post(f"{at}/rewrite", json={"how": "shorter"})
    shown = json.dumps(model.asked[-1].body)
    assert "{customer}" in shown
    assert before["customer"] not in shown
    assert "riverside.example" not in shown


def test_words_are_streamed_as_they_are_written_then_the_proposal(client, model):
    at, _ = a_message(client)
    model.speak = echoed
    with client.stream("POST", f"{at}/rewrite", json={"how": "warmer", "stream": True}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        whole = "".join(answer.iter_text())
    events = re.findall(r"event: (\w+)\ndata: (.*)\n\n", whole)
    assert [name for name, _ in events].count("words") > 3
    assert events[-1][0] == "proposal"
    assert json.loads(events[-1][1])["message"]["status"] == "verified"


@pytest.mark.parametrize(
    "words",
    [
        "Everything is free for {customer}, from {scale}.",
        "We miss a fact here.",
        "Your GM agreed. {customer} {scale}",
        "Hello {greeting}, {customer} {scale}",
    ],
)
def test_what_does_not_hold_gives_way_to_the_librarys_own_text(client, model, words):
    at, _ = a_message(client)
    model.speak = writes(words)
    proposal = client.post(f"{at}/rewrite", json={"how": "warmer"}).json()
    assert "does not hold" in proposal["fallback"]
    assert proposal["message"]["writer"] == "embedded"
    assert proposal["message"]["status"] == "verified"


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.DENIED, Fault.BROKEN])
def test_a_model_that_goes_away_gives_way_to_the_library_and_says_why(client, model, fault):
    at, before = a_message(client)
    model.forever = fault
    proposal = client.post(f"{at}/rewrite", json={"how": "warmer"}).json()
    assert proposal["fallback"]
    assert proposal["message"]["writer"] == "embedded"
    assert proposal["message"]["text"] != before["text"]
    assert client.get(at).json()["text"] == before["text"]


def test_ones_own_words_reach_the_model_as_a_quoted_wish(client, model):
    at, _ = a_message(client)
    model.speak = echoed
    wish = 'say "thank you" first'
    client.post(f"{at}/rewrite", json={"how": "own", "words": wish})
    assert json.dumps(wish) in model.asked[-1].instructions


def test_a_message_with_figures_of_its_own_is_not_shown_to_the_model(client, model):
    at, before = a_message(client)
    client.patch(at, json={"text": before["text"].replace("\n\n", "\n\nOnly 3 left. ", 1)})
    asked = len(model.asked)
    answer = client.post(f"{at}/rewrite", json={"how": "warmer"})
    assert answer.status_code == 422
    assert "digit '3'" in answer.text
    assert len(model.asked) == asked


def test_without_a_model_the_library_has_other_tones_and_no_own_words(tmp_path, model):
    with model_house(tmp_path, model, openai_api_key=None, openai_base_url=None) as (_, client):
        at, before = a_message(client)
        warmer = client.post(f"{at}/rewrite", json={"how": "warmer"}).json()
        assert warmer["message"]["text"] != before["text"]
        assert warmer["message"]["status"] == "verified"
        shorter = client.post(f"{at}/rewrite", json={"how": "shorter"}).json()
        assert len(shorter["message"]["text"]) < len(before["text"])
        own = client.post(f"{at}/rewrite", json={"how": "own", "words": "rhyme"}).json()
        assert own["message"] is None
        assert "a model writes those" in own["fallback"]
    assert model.asked == []
