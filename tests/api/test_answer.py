"""Answering a reply over HTTP: queued, sent, looked at, taken back, refused with a reason."""

import pytest
from starlette.testclient import TestClient
from tests.api.conftest import Until

from campaigns.bootstrap import Services
from campaigns.channels.simulator.box import Box
from campaigns.model.access import SYSTEM
from campaigns.model.customer import Channel

PHONE = "+66856644142"
WORDS = {"text": "Thank you for your message."}


def heard(client: TestClient, words: str = "Please call me", channel: str = "whatsapp") -> str:
    identifier = PHONE if channel == "whatsapp" else "rudolf@hilton-pattaya.example"
    body = {"identifier": identifier, "message": words, "channel": channel}
    answer = client.post("/api/campaigns/response", json=body)
    assert answer.status_code == 200, answer.text
    return f"/api/replies/{answer.json()['reply_id']}"


def taken(house: Services, words: str) -> int:
    box = house.carriers["whatsapp"]._box  # type: ignore[attr-defined,index]
    assert isinstance(box, Box)
    return sum(t.text == words for t in box.taken())


def test_it_is_sent_and_what_becomes_of_it_is_told(
    client: TestClient, house: Services, until: Until
) -> None:
    at, words = heard(client), {"text": "Thank you very much for your message."}
    ways = {w["channel"]: w["open"] for w in client.get(f"{at}/answer").json()["ways"]}
    assert ways == {"whatsapp": True, "email": True}
    given = client.post(f"{at}/answer", json=words, headers={"Idempotency-Key": "one"})
    assert given.status_code == 202, given.text
    again = client.post(f"{at}/answer", json=words, headers={"Idempotency-Key": "one"})
    assert again.json() == given.json()
    assert client.post(f"{at}/answer", json=words).json()["answer_id"] == given.json()["answer_id"]

    def state() -> str:
        [answer] = client.get(f"{at}/answer").json()["answers"]
        return str(answer["status"])

    until(lambda: state() in ("delivered", "read"))
    assert taken(house, words["text"]) == 1
    refused = client.post(f"{at}/answer/undo")
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"


def test_what_has_no_source_is_named_and_asked_about(client: TestClient) -> None:
    at, offer = heard(client, "How about a discount?"), "We give 20% off from 1 March."
    findings = client.post(f"{at}/answer/check", json={"text": offer}).json()["findings"]
    words = [f["found"] for f in findings if f["to_confirm"]]
    assert "20%" in words
    refused = client.post(f"{at}/answer", json={"text": offer})
    assert refused.status_code == 422
    assert refused.json()["title"] == "Words without a source"
    assert {e["pointer"] for e in refused.json()["errors"]} == {"/confirmed"}
    given = client.post(f"{at}/answer", json={"text": offer, "confirmed": words})
    assert given.status_code == 202
    assert given.json()["confirmed"] == list(dict.fromkeys(words))


def test_the_lane_of_answers_cannot_be_asked_for(client: TestClient) -> None:
    client.post(f"{heard(client, 'And now?')}/answer", json=WORDS)
    for call in ("", "/preview", "/messages"):
        assert client.get(f"/api/campaigns/answers{call}").status_code == 404
    for verb in ("pause", "cancel", "rollback"):
        assert client.post(f"/api/campaigns/answers/{verb}").status_code == 404
    listed = client.get("/api/campaigns").json()["campaigns"]
    assert "answers" not in {c["campaign_id"] for c in listed}
    assert client.get("/api/campaigns/statistics").json()["campaigns"]["by_status"] == {}


@pytest.mark.parametrize("call", ["", "/undo", "/resolve"])
def test_a_key_without_the_scope_answers_nothing(client: TestClient, call: str) -> None:
    made = client.post("/api/keys", json={"owner": "reader", "scopes": ["read", "send"]}).json()
    bodies = {"": WORDS, "/undo": {}, "/resolve": {"decision": "give_up", "reason": "x"}}
    refused = client.post(
        f"{heard(client)}/answer{call}",
        json=bodies[call],
        headers={"Authorization": f"Bearer {made['key']}"},
    )
    assert refused.status_code == 403


def test_a_reply_nobody_wrote_cannot_be_answered(client: TestClient) -> None:
    assert client.get("/api/replies/r_0/answer").status_code == 404
    assert client.post("/api/replies/r_0/answer", json=WORDS).status_code == 404
    decided = {"decision": "send_again", "reason": "x"}
    assert client.post(f"{heard(client)}/answer/resolve", json=decided).status_code == 409


@pytest.mark.parametrize(
    ("channel", "written", "address"),
    [
        ("whatsapp", "+44 7700 900666", "+447700900666"),  # a number for films
        ("whatsapp", "0066 2 123 4568", "+6621234568"),  # a landline's
        ("email", "Gm@hotel.Invalid", "gm@hotel.invalid"),
    ],
)
def test_a_stop_holds_for_an_address_that_no_book_would_take(
    client: TestClient, house: Services, channel: str, written: str, address: str
) -> None:
    told = {"identifier": written, "message": "STOP", "channel": channel}
    made = client.post("/api/campaigns/response", json=told)
    assert made.status_code == 200, made.text
    key = (Channel(channel), address)

    def closed() -> bool:
        with house.store.read() as tx:
            return key in tx.consents.suppressed([key])

    assert closed()
    answer = client.post(f"/api/replies/{made.json()['reply_id']}/answer", json=WORDS)
    assert (answer.status_code, "opted out" in answer.json()["detail"]) == (409, True)
    house.answers.lift(Channel(channel), written, "she writes from elsewhere now", SYSTEM)
    assert not closed()
