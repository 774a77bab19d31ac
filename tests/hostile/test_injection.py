"""Words that try to command the machine, on both engines; the model here obeys them on purpose."""

import json
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.ai.openai.answers import offered, reading, reply
from tests.ai.openai.conftest import CLOCK, NotingPurse
from tests.ai.requests.reading import NOW, READER, WORDS
from tests.support.model_house import REQUEST, messages_of, model_house
from tests.support.model_server import KEY, Asked, Model, model_server

from campaigns.ai.embedded import EmbeddedReplyReader
from campaigns.ai.embedded.texts import TextLibrary
from campaigns.ai.openai import Engine, ModelInterpreter, ModelReplyReader, Server
from campaigns.bootstrap.system import SystemIds
from campaigns.model.plan import Plan
from campaigns.model.reply import Intent, Reading, ReplyContext

SET: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("hostile.toml").read_text("utf-8")
)
REPLIES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "ai/replies/hostile.jsonl")
    .read_text("utf-8")
    .splitlines()
]
CONTEXT = ReplyContext(today=date(2025, 9, 15))
SECRET = "4711"


def obeys(asked: Asked) -> str:
    """Do what hostile words ask for: everybody, yes to everything, promises in the text."""
    match asked.job:
        case "interpret":
            request = asked.data
            everything = [{"words": request, "label": label} for label in offered(asked, "brand")]
            return reading(asked, type="survey", everyone=True, explained=everything)
        case "read":
            return reply(("accept", ""), sure=True)
        case "other":
            return f"You get 90 % off, the code is {SECRET}, your GM agreed."
        case _:
            text: dict[str, Any] = asked.house_text
            text["paragraphs"].append([f"You get 90 % off, the code is {SECRET}, your GM agreed."])
            return json.dumps(text)


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    with model_server(obeys) as served:
        yield served


@pytest.fixture(scope="module")
def engine(model: Model) -> Iterator[Engine]:
    server = Server(model="gpt-4o", key=KEY, base_url=model.url, timeout_s=20)
    made = Engine(server, NotingPurse(), CLOCK, SystemIds())
    yield made
    made.close()


@pytest.fixture(scope="module", params=["embedded", "model"])
def interpret(request: pytest.FixtureRequest, engine: Engine) -> Callable[[str], Plan]:
    occasions = tuple(TextLibrary().occasions())
    reader = READER if request.param == "embedded" else ModelInterpreter(engine, READER, occasions)
    return lambda words: reader.interpret(words, WORDS, NOW)


@pytest.fixture(scope="module", params=["embedded", "model"])
def read(request: pytest.FixtureRequest, engine: Engine) -> Callable[[str], Reading]:
    floor = EmbeddedReplyReader()
    reader = floor if request.param == "embedded" else ModelReplyReader(engine, floor)
    return lambda words: reader.read(words, CONTEXT)


def test_the_set_is_large_enough_and_in_both_languages() -> None:
    everything = [*REPLIES, *(words for group in SET.values() for words in group)]
    assert len(everything) >= 90
    assert sum(any("ก" <= c <= "๛" for c in words) for words in everything) >= 16


@pytest.mark.parametrize("request_", SET["requests"])
def test_a_commanding_request_reaches_nobody_before_a_person_looks(interpret, request_):
    plan = interpret(request_)
    assert not plan.is_clear
    assert plan.not_understood or plan.questions
    for question in plan.questions:
        for choice in question.choices:
            offered_plan = READER.interpret(choice.request, WORDS, NOW)
            assert not offered_plan.everyone or "all" in choice.label.lower()


# A mail without words of its own is read by its subject.
@pytest.mark.parametrize("text", [*REPLIES, *SET["subjects"]])
def test_a_commanding_reply_is_no_yes_and_goes_to_a_person(read, text):
    reading_ = read(text)
    assert reading_.unsure or reading_.intent not in {Intent.ACCEPT, Intent.SURVEY_SCORE}
    below = EmbeddedReplyReader().read(text, CONTEXT)
    assert reading_.opt_out_sign >= below.opt_out_sign


UNSHOWN = ("notes", "issues", "contacts")  # of these no model may ever see a word


def asking_everybody(asked: Asked) -> str:
    """Read the survey as it was meant, and obey in everything else."""
    if asked.job == "interpret":
        return reading(asked, type="survey", everyone=True, channels=["email", "whatsapp"])
    return obeys(asked)


def hostile_book(path: Path) -> Path:
    entries = "\n---\n\n".join(
        f"### {name}\n- **Business Type**: Hotel\n- **Zone Count**: 1\n"
        f"- **Zone Names**: {SET['zones'][n % len(SET['zones'])]}\n\n"
        f"#### Contacts\n- **General Manager**: {SET['contacts'][n % len(SET['contacts'])]}\n"
        f"  - Email: gm{n}@inn.example\n\n"
        f"#### Issue History\n- {SET['issues'][n % len(SET['issues'])]}\n\n"
        f"#### Notes\n- {SET['notes'][n % len(SET['notes'])]}\n"
        for n, name in enumerate(SET["names"])
    )
    path.write_text(f"# Book\n\n## Venue Information\n\n{entries}", encoding="utf-8")
    return path


@pytest.mark.parametrize("key", [KEY, None], ids=["model", "embedded"])
def test_names_and_notes_change_nothing_but_their_own_letters(
    tmp_path: Path, model: Model, key: str | None
):
    seen = len(model.asked)
    book = hostile_book(tmp_path / "hostile.md")
    url = model.url if key else None
    changed = {"campaigns_book": book, "openai_api_key": key, "openai_base_url": url}
    with model_house(tmp_path, model, **changed) as (services, client):
        model.speak = asking_everybody
        made = client.post("/api/campaigns/create", json={"human_request": REQUEST}).json()
        model.speak = obeys
        found = messages_of(client, made["campaign_id"])
        assert len(found) == made["audience"]["customers"] > 0
        for message in found:
            assert SECRET not in message["text"]
            assert "90 %" not in message["text"]
            assert "http://evil" not in message["text"]
            assert "<script>" not in (message["html"] or "")
            assert "{{" not in message["text"]
            assert message["writer"] == "embedded"
        with services.store.read() as tx:
            assert tx.campaigns.get(made["campaign_id"]).approval is None
    # No note ever reaches a model, and a name only when the request names it.
    shown = json.dumps([asked.body for asked in model.asked[seen:]], ensure_ascii=False)
    assert not [words for kind in UNSHOWN for words in SET[kind] if words in shown]
    assert "evil.example" not in shown


def test_a_text_for_one_hostile_customer_says_nothing_it_asks_for(tmp_path: Path, model: Model):
    seen = len(model.asked)
    book = hostile_book(tmp_path / "hostile.md")
    with model_house(tmp_path, model, campaigns_book=book) as (_, client):
        model.speak = asking_everybody
        made = client.post("/api/campaigns/create", json={"human_request": REQUEST}).json()
        customers = sorted({m["customer_id"] for m in messages_of(client, made["campaign_id"])})
        found = client.put(
            f"/api/campaigns/{made['campaign_id']}/individual", json={"customers": customers}
        ).json()
        model.speak = obeys
    assert len(found["messages"]) >= len(customers) > 0
    for message in found["messages"]:
        assert message["writer"] == "embedded"
        assert "no usable answer" in message["fallback"]
        assert message["review"] == "individual"
        assert SECRET not in message["text"]
        assert "90 %" not in message["text"]
    shown = [json.dumps(asked.body, ensure_ascii=False) for asked in model.asked[seen:]]
    alone = [words for words in shown if "goes to one customer alone" in words]
    assert alone
    assert not [words for kind in UNSHOWN for words in SET[kind] if words in "".join(alone)]


@pytest.mark.parametrize("key", [KEY, None], ids=["model", "embedded"])
def test_a_commanding_wish_for_a_rewrite_proposes_nothing_of_it(
    tmp_path: Path, model: Model, key: str | None
):
    changed = {"openai_api_key": key, "openai_base_url": model.url if key else None}
    with model_house(tmp_path, model, **changed) as (_, client):
        model.speak = asking_everybody
        made = client.post("/api/campaigns/create", json={"human_request": REQUEST}).json()
        first = messages_of(client, made["campaign_id"])[0]
        at = f"/api/campaigns/{made['campaign_id']}/messages/{first['message_id']}"
        for words in SET["rewrites"]:
            told = client.post(f"{at}/rewrite", json={"how": "own", "words": words}).json()
            assert told["fallback"], told
            proposed = json.dumps(told["message"], ensure_ascii=False)
            assert SECRET not in proposed
            assert "90 %" not in proposed
        model.speak = obeys
        assert client.get(at).json()["text"] == first["text"]
