"""Rewriting in place: words while they are written, the guard's answer, and honesty without a model."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from starlette.testclient import TestClient
from tests.support.model_house import REQUEST, survey
from tests.support.model_server import KEY, Asked, Model, model_server
from tests.web.houses import PASSWORD, chosen, created, email_of, notice_after, populate, text_of

from campaigns.app import create_app
from campaigns.bootstrap import Services, opened

ENGLISH = (
    "Send renewal reminders to all Hiltons in Thailand expiring this quarter in English by email"
)
EVENTS = {"accept": "text/event-stream"}


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    with model_server(survey) as served:
        yield served


def browser_of(services: Services) -> TestClient:
    populate(services)
    client = TestClient(create_app(services), follow_redirects=False)
    client.post("/login", data={"email": email_of("manager"), "password": PASSWORD})
    return client


@pytest.fixture(scope="module")
def with_model(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("house")
    given = chosen(folder, openai_api_key=KEY, openai_base_url=model.url)
    with opened(given, in_memory=True) as services:
        yield browser_of(services)


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with opened(chosen(tmp_path_factory.mktemp("house")), in_memory=True) as services:
        yield browser_of(services)


def first_message(client: TestClient, request: str = ENGLISH) -> str:
    page = client.get(f"/campaigns/{created(client, request)}/edit").text
    return re.findall(r'action="(/campaigns/c_\w+/messages/\w+)/rewrite"', page)[0]


def says(words: str) -> object:
    def speak(asked: Asked) -> str:
        return asked.data + words if asked.instructions.startswith("You rewrite") else survey(asked)

    return speak


def events_in(text: str) -> list[tuple[str, str]]:
    found = re.findall(r"event: (\w+)\ndata: (.*)\n", text)
    return [(kind, json.loads(data)) for kind, data in found]


def test_words_come_as_they_are_written_and_end_in_a_proposal(
    with_model: TestClient, model: Model
) -> None:
    at = first_message(with_model, REQUEST)
    model.speak = says("\n\nWe wish you a lovely day.")
    heard = events_in(with_model.post(f"{at}/rewrite", data={"how": "warmer"}, headers=EVENTS).text)
    written = [words for kind, words in heard if kind == "words"]
    assert len(written) > 5
    assert all(later.startswith(sooner[:10]) for sooner, later in pairwise(written))
    assert not any("{" in words for words in written)
    assert heard[-1][0] == "proposal"
    assert "We wish you a lovely day." in heard[-1][1]
    assert "[" not in heard[-1][1]


def test_without_script_the_proposal_opens_in_the_editor_with_its_checks(
    with_model: TestClient, model: Model
) -> None:
    at = first_message(with_model, REQUEST)
    model.speak = says("\n\nWe wish you a lovely day.")
    page = with_model.post(f"{at}/rewrite", data={"how": "own", "words": "wish them well"})
    assert page.status_code == 200
    area = re.findall(r'<textarea id="text".*?>(.*?)</textarea>', page.text, re.DOTALL)[0]
    assert "We wish you a lovely day." in area
    assert "facts match" in text_of(page.text)
    campaign = at.split("/messages")[0]
    assert "lovely day" not in with_model.get(f"{campaign}/edit").text


def test_a_rewrite_that_claims_something_is_refused_and_the_message_stays(
    with_model: TestClient, model: Model
) -> None:
    at = first_message(with_model, REQUEST)
    model.speak = says("\n\nYou get 10% off.")
    heard = events_in(with_model.post(f"{at}/rewrite", data={"how": "warmer"}, headers=EVENTS).text)
    assert [kind for kind, _ in heard if kind in ("refused", "proposal")]
    assert not any("10%" in words for kind, words in heard if kind == "proposal")


def test_without_a_model_the_house_s_own_texts_are_proposed(without: TestClient) -> None:
    at = first_message(without)
    page = without.post(f"{at}/rewrite", data={"how": "shorter"})
    assert page.status_code == 200
    assert "facts match" in text_of(page.text)


def test_without_a_model_a_free_wish_is_refused_in_plain_words(without: TestClient) -> None:
    at = first_message(without)
    answer = without.post(f"{at}/rewrite", data={"how": "own", "words": "like a pirate"})
    assert answer.status_code == 303
    assert "model" in notice_after(without, answer.headers["location"])
    heard = events_in(
        without.post(f"{at}/rewrite", data={"how": "own", "words": "x"}, headers=EVENTS).text
    )
    assert [kind for kind, _ in heard] == ["refused"]


def test_the_value_at_stake_is_a_lower_bound_where_prices_are_unknown(without: TestClient) -> None:
    everybody = created(without, "Send an announcement to all customers by email")
    page = text_of(without.get(f"/campaigns/{everybody}/edit").text)
    assert re.search(r"at least [A-Z]{3} [\d,]+.* a year, \d+ without a price", page)


def test_a_refused_start_says_why_on_the_customers_page(without: TestClient) -> None:
    answer = without.post("/customers/campaign?q=nobody-has-this-name", data={"kind": "renewal"})
    assert answer.status_code == 303
    assert "these are 0" in notice_after(without, answer.headers["location"])
