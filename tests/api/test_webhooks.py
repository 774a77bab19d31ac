"""Webhooks over HTTP: verified on the raw body, kept before the answer, read once, never lost."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from campaigns import settings
from campaigns.api.guard import MAX_WEBHOOK
from campaigns.app import create_app
from campaigns.bootstrap import Services, opened, sample_book
from campaigns.model.access import SYSTEM, Scope
from campaigns.model.customer import Channel
from campaigns.model.reply import Intent
from campaigns.model.webhook import RawWebhook
from campaigns.store import tables as t

Until = Callable[[Callable[[], bool]], None]
APP_SECRET, CHANNEL_SECRET, VERIFY_TOKEN = "app-secret", "channel-secret", "verify me, Meta"
AT = 1757912400
RUDOLF = "66856644142"  # of the sample book, as all the others: invented
USER = "U0000000000000000000000c0ffee0001"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    chosen = settings.read(
        campaigns_book=sample_book(),
        campaigns_data=tmp_path_factory.mktemp("house"),
        campaigns_today="2025-09-15",
        campaigns_simulate="all",
        whatsapp_app_secret=APP_SECRET,
        whatsapp_verify_token=VERIFY_TOKEN,
        line_channel_secret=CHANNEL_SECRET,
    )
    with opened(chosen, working=True) as services:
        yield services


@pytest.fixture(scope="module")
def client(house: Services) -> Iterator[TestClient]:
    with TestClient(create_app(house)) as made:
        yield made


def meta(client: TestClient, body: bytes, signature: str | None = None) -> int:
    digest = hmac.digest(APP_SECRET.encode(), body, hashlib.sha256).hex()
    signed = {"X-Hub-Signature-256": f"sha256={digest}" if signature is None else signature}
    return client.post("/webhooks/whatsapp", content=body, headers=signed).status_code


def line(client: TestClient, body: bytes, header: str = "x-line-signature") -> int:
    digest = hmac.digest(CHANNEL_SECRET.encode(), body, hashlib.sha256)
    signed = {header: base64.b64encode(digest).decode()}
    return client.post("/webhooks/line", content=body, headers=signed).status_code


def conversation(**value: Any) -> bytes:
    change = {"field": "messages", "value": value}
    entry = {"id": "1", "time": AT, "changes": [change]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def says(text: str, message_id: str, **more: Any) -> dict[str, Any]:
    words = {"type": "text", "text": {"body": text}, "timestamp": str(AT)}
    return {"from": RUDOLF, "id": message_id, **words} | more


def is_kept(house: Services, body: bytes) -> bool:
    with house.store.engine.connect() as connection:
        return bool(connection.scalar(select(t.webhooks.c.id).where(t.webhooks.c.body == body)))


def troubled(house: Services) -> list[RawWebhook]:
    with house.store.read() as tx:
        return list(tx.webhooks.troubled(500))


def taken_in(house: Services) -> bool:
    with house.store.read() as tx:
        return tx.webhooks.waiting() == 0


def replies(house: Services, text: str) -> list[Any]:
    return [r for r in house.answers.page("", 500, None, waiting=False)[0] if r.text == text]


def suppressed(house: Services, channel: Channel, address: str) -> bool:
    with house.store.read() as tx:
        return bool(tx.consents.suppressed([(channel, address)]))


# --- who is let in ---------------------------------------------------------------------------------


def test_meta_is_answered_its_challenge_for_the_right_token_only(client: TestClient) -> None:
    asked = {
        "hub.mode": "subscribe",
        "hub.verify_token": VERIFY_TOKEN,
        "hub.challenge": "1158201444",
    }
    good = client.get("/webhooks/whatsapp", params=asked)
    assert (good.status_code, good.text) == (200, "1158201444")
    assert good.headers["content-type"].startswith("text/plain")
    for wrong in (
        {"hub.verify_token": "guess"},
        {"hub.mode": "unsubscribe"},
        {"hub.verify_token": ""},
    ):
        refused = client.get("/webhooks/whatsapp", params=asked | wrong)
        assert refused.status_code == 403
        assert "WHATSAPP_VERIFY_TOKEN" in refused.json()["detail"]


@pytest.mark.parametrize("signature", ["", "sha256=00", "sha256=" + "0" * 64, "sha1=abc"])
def test_what_meta_did_not_sign_is_refused_and_not_kept(
    client: TestClient, house: Services, signature: str
) -> None:
    body = conversation(messages=[says("hello from nobody", f"wamid.bad{signature[:9]}")])
    assert meta(client, body, signature) == 401
    assert not is_kept(house, body)
    assert replies(house, "hello from nobody") == []


def test_what_line_did_not_sign_is_refused(client: TestClient) -> None:
    answer = client.post("/webhooks/line", content=b"{}", headers={"x-line-signature": "AAAA"})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.post("/webhooks/line", content=b"{}").status_code == 401


def test_a_signature_is_for_its_own_channel(client: TestClient) -> None:
    digest = hmac.digest(CHANNEL_SECRET.encode(), b"{}", hashlib.sha256).hex()
    assert meta(client, b"{}", f"sha256={digest}") == 401


def test_without_a_verify_token_of_our_own_nobody_is_answered(
    client: TestClient, house: Services
) -> None:
    chosen = house.settings
    house.settings = chosen.model_copy(update={"whatsapp_verify_token": None})
    asked = {"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"}
    assert client.get("/webhooks/whatsapp", params=asked).status_code == 403
    house.settings = chosen


# --- what is taken in ------------------------------------------------------------------------------


def test_a_request_that_is_signed_and_makes_no_sense_is_kept_and_flagged(
    client: TestClient, house: Services, until: Until
) -> None:
    assert meta(client, b'{"entry": "not a list"') == 200
    assert is_kept(house, b'{"entry": "not a list"')
    until(lambda: any(raw.body == b'{"entry": "not a list"' for raw in troubled(house)))
    [raw] = [raw for raw in troubled(house) if raw.body == b'{"entry": "not a list"']
    assert "no JSON" in str(raw.trouble)


def test_lines_greeting_without_events_is_answered(client: TestClient) -> None:
    assert line(client, b'{"destination": "U1", "events": []}') == 200


def test_the_name_of_a_header_may_be_written_any_way(client: TestClient) -> None:
    assert line(client, b'{"destination": "U2", "events": []}', "X-LINE-Signature") == 200


def test_a_reply_is_read_once_however_often_it_is_told(
    client: TestClient, house: Services, until: Until
) -> None:
    once = conversation(messages=[says("Yes, please renew", "wamid.yes")])
    again = conversation(
        messages=[says("Yes, please renew", "wamid.yes"), says("And call me", "wamid.call")]
    )
    for body in (once, once, again, once):
        assert meta(client, body) == 200
    until(lambda: bool(replies(house, "And call me")))
    [reply] = replies(house, "Yes, please renew")
    assert reply.reading.intent is Intent.ACCEPT
    assert (reply.sender.customer, reply.address) == ("Hilton Pattaya", "+" + RUDOLF)


def test_a_batch_of_a_thousand_is_taken_in_whole(
    client: TestClient, house: Services, until: Until
) -> None:
    statuses = [
        {"id": f"wamid.batch{n}", "status": "read", "timestamp": str(AT), "recipient_id": "669"}
        for n in range(999)
    ]
    body = conversation(statuses=statuses, messages=[says("after the batch", "wamid.last")])
    assert meta(client, body) == 200
    until(lambda: bool(replies(house, "after the batch")) and taken_in(house))
    with house.store.read() as tx:
        assert tx.outbox.heard_at(Channel.WHATSAPP, "+" + RUDOLF) is not None


def test_one_broken_update_in_a_batch_is_named_and_the_rest_is_read(
    client: TestClient, house: Services, until: Until
) -> None:
    body = conversation(messages=[{"id": "wamid.broken"}, says("beside it", "wamid.beside")])
    assert meta(client, body) == 200
    until(lambda: bool(replies(house, "beside it")) and taken_in(house))
    [raw] = [raw for raw in troubled(house) if b"wamid.broken" in raw.body]
    assert str(raw.trouble).startswith("entry[0].changes[0].messages[0]")


def test_a_stop_from_somebody_without_a_phone_number_is_kept_until_we_know_whose_it_is(
    client: TestClient, house: Services, until: Until
) -> None:
    nameless = {k: v for k, v in says("stop", "wamid.stop").items() if k != "from"}
    assert meta(client, conversation(messages=[nameless | {"from_user_id": "TH.4711"}])) == 200
    until(lambda: suppressed(house, Channel.WHATSAPP, "TH.4711"))
    both = says("Who is this?", "wamid.who", **{"from": "669900000055", "from_user_id": "TH.4711"})
    assert meta(client, conversation(messages=[both])) == 200
    until(lambda: suppressed(house, Channel.WHATSAPP, "+669900000055"))


# A number for films, a landline's, one too short for its country: no book takes them, but somebody
# writes from them.
ODD_NUMBERS = ["447700900555", "6621234567", "66123456"]


@pytest.mark.parametrize("number", ODD_NUMBERS)
def test_a_stop_holds_for_the_number_it_came_from_whatever_we_think_of_it(
    client: TestClient, house: Services, until: Until, number: str
) -> None:
    body = conversation(messages=[says("STOP", f"wamid.odd{number}", **{"from": number})])
    assert meta(client, body) == 200
    until(lambda: suppressed(house, Channel.WHATSAPP, f"+{number}"))


def follow(kind: str, number: int, at_ms: int) -> bytes:
    event = {
        "type": kind,
        "mode": "active",
        "timestamp": at_ms,
        "source": {"type": "user", "userId": USER},
        "webhookEventId": f"01K53J3T5M{number:016d}",
        "deliveryContext": {"isRedelivery": False},
    }
    return json.dumps({"destination": "U" + "b" * 32, "events": [event]}).encode()


def test_the_newest_of_follow_and_unfollow_holds_in_whatever_order_they_come(
    client: TestClient, house: Services, until: Until
) -> None:
    newest = follow("unfollow", 2, AT * 1000 + 5000)
    for body in (newest, follow("follow", 1, AT * 1000), newest):
        assert line(client, body) == 200
    until(lambda: taken_in(house))
    assert suppressed(house, Channel.LINE, USER)
    with house.store.read() as tx:
        assert not tx.consents.consented([(Channel.LINE, USER)])
    assert line(client, follow("follow", 3, AT * 1000 + 9000)) == 200
    until(lambda: not suppressed(house, Channel.LINE, USER))
    with house.store.read() as tx:
        assert tx.consents.consented([(Channel.LINE, USER)])


def test_news_of_an_account_stops_its_channel_until_a_person_reopens_it(
    client: TestClient, house: Services, until: Until
) -> None:
    now = int(house.clock.now().timestamp())

    def banned(at: int) -> bytes:
        change = {"field": "account_update", "value": {"event": "ACCOUNT_RESTRICTION"}}
        return json.dumps({"entry": [{"id": "1", "time": at, "changes": [change]}]}).encode()

    def stopped() -> bool:
        return Channel.WHATSAPP in house.progress.halted()

    assert meta(client, banned(now)) == 200
    until(stopped)
    house.sends.reopen(Channel.WHATSAPP, SYSTEM)
    assert meta(client, banned(now - 60)) == 200  # told late: it happened before
    until(lambda: taken_in(house))
    assert not stopped()
    assert meta(client, banned(now + 3600)) == 200
    until(stopped)
    house.sends.reopen(Channel.WHATSAPP, SYSTEM)


def test_a_batch_may_be_larger_than_a_callers_body(client: TestClient, house: Services) -> None:
    padding = conversation(errors=[], padding="x" * 2_000_000)
    assert meta(client, padding) == 200
    assert meta(client, b"x" * (MAX_WEBHOOK + 1)) == 413


def test_webhooks_need_no_key_and_give_nothing_away(client: TestClient) -> None:
    answer = client.post("/webhooks/whatsapp", content=b"{}", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 401
    assert answer.json()["title"] == "Not signed"


# --- templates over HTTP ---------------------------------------------------------------------------


def test_templates_are_listed_with_what_waits_for_them(client: TestClient, house: Services) -> None:
    _, secret = house.access.create_key("reader", frozenset({Scope.ADMIN}), SYSTEM)
    key = {"Authorization": f"Bearer {secret}"}
    house.drafts.create("Send renewal reminders to all Hiltons expiring in October", SYSTEM)
    listed = client.get("/api/templates", headers=key).json()["templates"]
    # In Thai only for what is in reserve, so nothing waits for it yet.
    by_language = {(t["status"], t["language"]): t["waiting_messages"] for t in listed}
    assert set(by_language) == {("missing", "en"), ("missing", "th")}
    assert by_language["missing", "th"] == 0
    assert sum(t["waiting_messages"] for t in listed) == 3
    assert all("{{customer}}" in t["body"] for t in listed)
    refused = client.post("/api/templates/submit", json={}, headers=key)
    assert refused.status_code == 409
    assert "simulated" in refused.json()["detail"]
    assert client.post("/api/templates/sync", headers=key).status_code == 409
    assert client.get("/api/templates").status_code == 401
    unknown = client.post("/api/templates/nothing/en/release", headers=key)
    assert unknown.status_code == 404
