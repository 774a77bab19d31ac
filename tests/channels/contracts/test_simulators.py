"""The providers on this machine are as strict as the real ones, and go wrong on demand."""

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.providers import BODY, BUTTONS, RENEWAL, VALUES, Switchboard, meta
from tests.support.sending import HandClock

from campaigns.channels.simulator.http import LineSimulator, Trouble, WhatsAppSimulator, serving
from campaigns.channels.simulator.http.control import line_app, whatsapp_app
from campaigns.channels.simulator.http.herald import Herald, Mishaps, Update
from campaigns.channels.simulator.http.whatsapp_rules import Refusal, new_template, send_body

USER = f"U{1:032x}"
SEND = "/v23.0/106540352242922/messages"
PUSH = "/v2/bot/message/push"


@pytest.fixture
def facebook(
    board: Switchboard, clock: HandClock
) -> Iterator[tuple[WhatsAppSimulator, httpx2.Client]]:
    simulator = meta(clock)
    board.app = whatsapp_app(simulator)
    headers = {"Authorization": "Bearer simulated-token"}
    with httpx2.Client(base_url=board.url, headers=headers) as http:
        yield simulator, http


@pytest.fixture
def naver(board: Switchboard, clock: HandClock) -> Iterator[tuple[LineSimulator, httpx2.Client]]:
    simulator = LineSimulator(clock.now)
    simulator.known.add(USER)
    board.app = line_app(simulator)
    headers = {"Authorization": "Bearer simulated-line-token"}
    with httpx2.Client(base_url=board.url, headers=headers) as http:
        yield simulator, http


def template(**changes: Any) -> dict[str, Any]:
    values = [{"type": "text", "parameter_name": n, "text": v} for n, v in VALUES.items()]
    content = {
        "name": RENEWAL.name,
        "language": {"code": "en"},
        "components": [{"type": "body", "parameters": values}],
    }
    body = {"messaging_product": "whatsapp", "to": "+669900000001", "type": "template"}
    return body | {"template": content | changes}


# --- Meta ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"to": "+669900000001", "type": "text", "text": {"body": "hi"}}, 100),
        (template() | {"messaging_product": "sms"}, 100),
        (template() | {"priority": "high"}, 100),
        (template() | {"to": "Nida"}, 100),
        (template() | {"biz_opaque_callback_data": "x" * 513}, 100),
        ({k: v for k, v in template().items() if k != "to"}, 131008),
        ({k: v for k, v in template().items() if k != "template"}, 131008),
        (template(name="no_such_template"), 132001),
        (template(language={"code": "th"}), 132001),
        (template(language={"code": "en", "policy": "deterministic"}), 100),
        (template(components=[]), 132000),
        (
            template(
                components=[
                    {"type": "body", "parameters": [{"type": "text", "text": "by position"}] * 3}
                ]
            ),
            100,
        ),
        (
            template(
                components=[
                    {
                        "type": "button",
                        "sub_type": "quick_reply",
                        "index": "7",
                        "parameters": [{"type": "payload", "payload": "x"}],
                    },
                    *template()["template"]["components"],
                ]
            ),
            132018,
        ),
    ],
)
def test_meta_refuses_a_wrong_body_in_its_own_form(
    facebook: tuple[WhatsAppSimulator, httpx2.Client], body: dict[str, Any], code: int
) -> None:
    simulator, http = facebook
    answer = http.post(SEND, json=body)
    assert answer.status_code in (400, 404)
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"]["error_data"]["details"]
    assert simulator.taken == []
    assert http.post(SEND, json=template()).status_code == 200


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"greeting": ""}, 131008),
        ({"greeting": "a\nb"}, 132012),
        ({"zones": "x" * 1000}, 132005),
        ({"extra": "one too many"}, 132000),
    ],
)
def test_meta_refuses_values_that_do_not_fit(
    facebook: tuple[WhatsAppSimulator, httpx2.Client], values: dict[str, str], code: int
) -> None:
    _, http = facebook
    given_values = VALUES | values
    parameters = [{"type": "text", "parameter_name": n, "text": v} for n, v in given_values.items()]
    body = template(components=[{"type": "body", "parameters": parameters}])
    assert http.post(SEND, json=body).json()["error"]["code"] == code


def test_meta_puts_its_own_country_before_a_number_without_one(
    facebook: tuple[WhatsAppSimulator, httpx2.Client],
) -> None:
    simulator, http = facebook
    http.post(SEND, json=template() | {"to": "0990000001"})
    assert simulator.taken[0].to == "660990000001"  # why every number of ours has a +


def test_meta_takes_no_free_words_outside_24_hours(
    facebook: tuple[WhatsAppSimulator, httpx2.Client], clock: HandClock
) -> None:
    simulator, http = facebook
    words = {"messaging_product": "whatsapp", "to": "+669900000001", "type": "text"}
    body = words | {"text": {"body": "hello"}}
    assert http.post(SEND, json=body).json()["error"]["code"] == 131047
    simulator.says("669900000001", "hi")
    assert http.post(SEND, json=body).status_code == 200
    clock.forward(hours=24)
    assert http.post(SEND, json=body).json()["error"]["code"] == 131047


def test_meta_knows_its_token_and_its_number(
    facebook: tuple[WhatsAppSimulator, httpx2.Client],
) -> None:
    _, http = facebook
    wrong = http.post(SEND, json=template(), headers={"Authorization": "Bearer old"})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, 190)
    assert http.post("/v23.0/1/messages", json=template()).json()["error"]["code"] == 100
    assert http.get("/v23.0/106540352242922").json()["quality_rating"] == "GREEN"


@given(raw=st.binary(max_size=80))
def test_meta_answers_anything_with_an_error_of_its_own(raw: bytes) -> None:
    for read in (send_body, new_template):
        with pytest.raises(Refusal):
            read(raw)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Bad Name"},
        {"category": "NEWS"},
        {
            "parameter_format": "POSITIONAL",
            "components": [{"type": "BODY", "text": "Hello {{greeting}}, how are you?"}],
        },
        {"components": []},
        {"components": [{"type": "BODY", "text": "{{greeting}} comes first"}]},
        {"components": [{"type": "BODY", "text": "No example for {{greeting}} here"}]},
        {"components": [{"type": "BODY", "text": "Hi."}, {"type": "FOOTER", "text": "x"}]},
        {"components": [{"type": "BODY", "text": "x" * 1025}]},
    ],
)
def test_meta_refuses_a_template_that_breaks_its_rules(
    facebook: tuple[WhatsAppSimulator, httpx2.Client], changes: dict[str, Any]
) -> None:
    simulator, http = facebook
    good = {
        "name": "fine",
        "category": "MARKETING",
        "language": "en",
        "parameter_format": "NAMED",
        "components": [{"type": "BODY", "text": "Hello there."}],
    }
    at = "/v23.0/102290129340398/message_templates"
    assert http.post(at, json=good | changes).json()["error"]["code"] == 100
    simulator.approves = False
    assert http.post(at, json=good).json()["status"] == "PENDING"


# --- LINE ------------------------------------------------------------------------------------------


def push(**changes: Any) -> dict[str, Any]:
    return {"to": USER, "messages": [{"type": "text", "text": "hi"}]} | changes


def card(**changes: Any) -> dict[str, Any]:
    return {"type": "flex", "altText": "hi", "contents": {"type": "bubble"}} | changes


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (push(to="Somchai"), "to"),
        (push(messages=[]), "messages"),
        (push(messages=[{"type": "text", "text": "x"}] * 6), "messages"),
        (push(messages=[{"type": "text"}]), "messages[0].text"),
        (push(messages=[{"type": "text", "text": "🎵" * 2501}]), "messages[0].text"),
        (push(messages=[{"type": "bogus"}]), "messages[0]"),
        (push(messages=[{"type": "text", "text": "x", "colour": "red"}]), "messages[0].colour"),
        (push(customAggregationUnits=["not a unit"]), "customAggregationUnits[0]"),
        (push(broadcast=True), "broadcast"),
        (push(messages=[card(altText="")]), "messages[0].altText"),
        (push(messages=[card(altText="🎵" * 751)]), "messages[0].altText"),
        (push(messages=[card(contents={"type": "heap"})]), "messages[0].contents.type"),
    ],
)
def test_line_refuses_a_wrong_body_and_says_where(
    naver: tuple[LineSimulator, httpx2.Client], body: dict[str, Any], place: str
) -> None:
    simulator, http = naver
    answer = http.post(PUSH, json=body)
    assert answer.status_code == 400
    assert place in [detail["property"] for detail in answer.json()["details"]]
    assert simulator.pushed == []


def test_line_takes_a_retry_key_once_and_says_so_for_a_day(
    naver: tuple[LineSimulator, httpx2.Client], clock: HandClock
) -> None:
    simulator, http = naver
    key = {"X-Line-Retry-Key": "123e4567-e89b-12d3-a456-426614174000"}
    first = http.post(PUSH, json=push(), headers=key)
    second = http.post(PUSH, json=push(), headers=key)
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["sentMessages"] == first.json()["sentMessages"]
    accepted_as = second.headers["x-line-accepted-request-id"]
    assert accepted_as == first.headers["x-line-request-id"]
    http.post(PUSH, json=push(notificationDisabled=True), headers=key)
    assert len(simulator.changed_requests) == 1
    clock.forward(hours=24)
    assert http.post(PUSH, json=push(), headers=key).status_code == 200
    not_a_key = http.post(PUSH, json=push(), headers={"X-Line-Retry-Key": "again"})
    assert not_a_key.status_code == 400


def test_line_counts_only_what_is_delivered(naver: tuple[LineSimulator, httpx2.Client]) -> None:
    simulator, http = naver
    simulator.quota = 1
    simulator.unfollows(USER)
    assert http.post(PUSH, json=push()).status_code == 200  # blocked, and LINE does not say
    simulator.follows(USER, again=True)
    assert http.post(PUSH, json=push()).status_code == 200
    over = http.post(PUSH, json=push())
    assert (over.status_code, over.json()["message"]) == (
        429,
        "You have reached your monthly limit.",
    )
    assert http.get("/v2/bot/message/quota").json() == {"type": "limited", "value": 1}
    assert http.get("/v2/bot/message/quota/consumption").json() == {"totalUsage": 1}


# --- by hand ---------------------------------------------------------------------------------------


def test_a_simulator_in_another_process_is_told_what_to_do(
    facebook: tuple[WhatsAppSimulator, httpx2.Client],
) -> None:
    simulator, http = facebook
    assert http.post("/_sim/fault", json={"script": ["busy"]}).json() == {"done": True}
    assert http.post(SEND, json=template()).status_code == 429
    assert http.post(SEND, json=template()).status_code == 200
    said = http.post("/_sim/says", json={"number": "669900000001", "text": "yes"}).json()
    assert said["done"].startswith("wamid.")
    assert http.post("/_sim/mishap", json={"lost": 1.0}).status_code == 200
    http.post("/_sim/prefers", json={"number": "669900000001", "value": "stop"})
    state = http.get("/_sim").json()
    assert (len(state["taken"]), state["webhooks_lost"]) == (1, 1)
    assert simulator.people.stopped_marketing == {"669900000001"}


def test_what_befalls_our_number_is_told_by_hand_too(
    facebook: tuple[WhatsAppSimulator, httpx2.Client],
) -> None:
    simulator, http = facebook
    http.post("/_sim/leaves", json={"number": "669900000001"})
    assert simulator.people.not_on_whatsapp == {"669900000001"}
    assert expired_and_repaired(http, SEND, template()) == [401, 200]


def test_what_befalls_our_line_channel_is_told_by_hand_too(
    naver: tuple[LineSimulator, httpx2.Client],
) -> None:
    http = naver[1]
    assert expired_and_repaired(http, PUSH, push()) == [401, 200]
    http.post("/_sim/allows", json={"messages": 1})
    assert http.post(PUSH, json=push()).status_code == 429
    http.post("/_sim/allows", json={})
    assert http.post(PUSH, json=push()).status_code == 200


def expired_and_repaired(http: httpx2.Client, path: str, body: dict[str, Any]) -> list[int]:
    statuses = []
    for told in ({}, {"expired": False}):
        assert http.post("/_sim/expires", json=told).json() == {"done": True}
        statuses.append(http.post(path, json=body).status_code)
    return statuses


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        ("explode", {}, 404),
        ("says", {"number": "1"}, 400),
        ("fault", {"script": ["meteor"]}, 400),
        ("presses", {"index": 9, "place": 0}, 400),
    ],
)
def test_what_it_cannot_do_is_said(
    facebook: tuple[WhatsAppSimulator, httpx2.Client],
    verb: str,
    body: dict[str, Any],
    status: int,
) -> None:
    answer = facebook[1].post(f"/_sim/{verb}", json=body)
    assert answer.status_code == status
    assert answer.json()["error"]


# --- faults and webhooks ---------------------------------------------------------------------------


def test_shares_of_faults_come_as_often_as_told(clock: HandClock) -> None:
    faults = meta(clock).faults
    faults.share({Trouble.BUSY: 0.2, Trouble.DROPPED: 0.1})
    drawn = [faults.next() for _ in range(2000)]
    assert 300 < drawn.count(Trouble.BUSY) < 500
    assert 120 < drawn.count(Trouble.DROPPED) < 280
    assert drawn.count(None) > 1200


class Ear:
    """Listens to webhooks, deaf for a while at first."""

    def __init__(self, deaf: int = 0) -> None:
        self.heard: list[list[int]] = []
        self.deaf = deaf

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        self.deaf -= 1
        status = 500 if self.deaf >= 0 else 200
        if status == 200:
            self.heard.append(json.loads(body))
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    @property
    def flat(self) -> list[int]:
        return [number for batch in self.heard for number in batch]


def herald(**mishaps: Any) -> Herald:
    def pack(batch: list[Update]) -> bytes:
        return json.dumps([u.item["n"] for u in batch]).encode()

    made = Herald(pack, lambda body: {}, redelivers=True)
    made.mishaps = Mishaps(late_s=0.1, **mishaps)
    return made


def told(teller: Herald, ear: Ear, numbers: int = 40) -> list[int]:
    with serving(ear) as url:
        teller.callback = url
        teller.start()
        for n in range(numbers):
            teller.tell("x", {"n": n})
        deadline = time.monotonic() + 20
        while not teller.settled():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        teller.stop()
    return ear.flat


def test_webhooks_come_in_batches_and_in_order() -> None:
    ear = Ear()
    assert told(herald(most=15), ear) == list(range(40))
    assert max(len(batch) for batch in ear.heard) <= 15


def test_webhooks_come_twice_out_of_order_or_never_on_demand() -> None:
    assert sorted(told(herald(twice=1.0), Ear())) == sorted([*range(40), *range(40)])
    shuffled = told(herald(reordered=0.5), Ear())
    assert sorted(shuffled) == list(range(40)) != shuffled
    odd = told(herald(lost=lambda update: update.item["n"] % 2 == 0), Ear())
    assert odd == list(range(1, 40, 2))


def test_webhooks_nobody_took_come_again() -> None:
    assert sorted(told(herald(), Ear(deaf=3))) == list(range(40))


def test_a_template_of_ours_can_be_registered_by_its_own_words(clock: HandClock) -> None:
    known = meta(clock).templates[RENEWAL.name, "en"]
    assert (known.body, known.buttons) == (BODY, BUTTONS)
