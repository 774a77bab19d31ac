"""Answering in the inbox: sent, taken back, asked about, refused to the second, seen by others."""

import re

from sqlalchemy import update
from starlette.testclient import TestClient
from tests.web import rows
from tests.web.conftest import SignIn, Until
from tests.web.houses import PEOPLE, text_of

from campaigns.bootstrap import Services
from campaigns.model.access import SYSTEM
from campaigns.model.customer import Channel
from campaigns.model.message import MessageStatus
from campaigns.model.reply import Reply
from campaigns.store import tables as t

PHONE = "+66856644142"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def heard(house: Services, words: str, phone: str = PHONE) -> Reply:
    return house.answers.respond(phone, words, Channel.WHATSAPP, SYSTEM)


def post(client: TestClient, reply: Reply, call: str = "", **form: str | list[str]) -> str:
    made = client.post(f"/inbox/{reply.id}/answer{call}", data=form, headers=SAME_ORIGIN)
    assert made.status_code in (303, 409, 422), made.text
    return made.text


def shown(client: TestClient, reply: Reply) -> str:
    return client.get(f"/inbox?f=all&sel={reply.id}").text


def test_an_answer_is_sent_and_its_state_is_in_the_thread(
    house: Services, signed_in: SignIn, until: Until
) -> None:
    reply, client = heard(house, "Please call me about the pool"), signed_in("manager")
    assert "Send reply" in shown(client, reply)
    post(client, reply, text="Thank you for your message.")
    until(lambda: re.search(r">(Delivered|Read)<", shown(client, reply)) is not None)
    page = shown(client, reply)
    assert "has answered this" in page
    assert "Thank you for your message." in page


def test_words_without_a_source_are_asked_about_and_kept(
    house: Services, signed_in: SignIn
) -> None:
    reply, client = heard(house, "And the discount?"), signed_in("manager")
    offer = "We give 20% off."
    asked = post(client, reply, text=offer)
    assert "Not in the record" in asked
    assert offer in asked
    assert house.answering.look(reply.id).newest is None
    confirmed = re.findall(r'name="confirmed" value="([^"]+)"', asked)
    assert confirmed
    post(client, reply, text=offer, confirmed=confirmed)
    newest = house.answering.look(reply.id).newest
    assert newest is not None
    assert newest.answer is not None
    assert set(newest.answer.confirmed) == set(confirmed)


def test_the_second_of_two_is_told_who_was_first(house: Services, signed_in: SignIn) -> None:
    reply = heard(house, "Who looks after us now?", "+66990001444")
    theirs = signed_in("approver")
    assert f"{PEOPLE['manager'][0]} has this open too" not in shown(theirs, reply)
    shown(signed_in("manager"), reply)
    assert f"{PEOPLE['manager'][0]} has this open too" in shown(theirs, reply)
    post(signed_in("manager"), reply, text="Thank you for your message.")
    refused = post(theirs, reply, text="Good day.")
    assert f"{PEOPLE['manager'][0]} has answered this" in refused


def test_who_opted_out_and_who_never_wrote_cannot_be_answered(
    house: Services, signed_in: SignIn
) -> None:
    reply = heard(house, "STOP", "+66990001555")
    page = shown(signed_in("manager"), reply)
    assert "Send reply" not in page
    assert "Nothing is sent to this address" in page
    assert "Send reply" not in shown(signed_in("viewer"), heard(house, "One more question"))


def test_a_voice_message_is_said_not_to_be_read(house: Services, signed_in: SignIn) -> None:
    page = shown(signed_in("manager"), heard(house, "[audio]"))
    assert "it was not read by AI" in page


def test_an_approver_undoes_an_opt_out_with_their_consent(
    house: Services, signed_in: SignIn
) -> None:
    reply = heard(house, "STOP", "+66990001666")
    lift = {
        "channel": "whatsapp",
        "address": reply.address,
        "evidence": "She wrote to Arun on 15 September that she meant another hotel",
        "back": f"/inbox?f=all&sel={reply.id}",
    }
    manager, approver = signed_in("manager"), signed_in("approver")
    assert "/suppressions/lift" not in shown(manager, reply)
    refused = manager.post("/suppressions/lift", data=lift, headers=SAME_ORIGIN)
    assert refused.status_code == 403
    page = shown(approver, reply)
    assert "Only their own recorded consent changes that." in page
    assert "Send reply" not in page
    undone = approver.post(
        "/suppressions/lift", data=lift, headers=SAME_ORIGIN, follow_redirects=False
    )
    assert (undone.status_code, undone.headers["location"]) == (303, lift["back"])
    assert "Send reply" in shown(approver, reply)
    with house.store.read() as tx:
        entries, _ = tx.audit.page("", 5)
    [lifted] = [e for e in entries if e.action == "address.lifted"]
    assert lifted.detail["evidence"] == lift["evidence"]


def test_an_answer_in_doubt_is_listed_and_decided_in_the_inbox(
    house: Services, signed_in: SignIn
) -> None:
    reply = house.answers.respond("gm@far-hotel.example", "Call me", Channel.EMAIL, SYSTEM)
    approver = signed_in("approver")
    with house.store.begin() as tx:
        tx.outbox.halt(Channel.EMAIL, "the mail server is moved")
    post(approver, reply, text="Thank you for your message.")
    newest = house.answering.look(reply.id).newest
    assert newest is not None
    with house.store.engine.begin() as connection:
        doubtful = {"status": MessageStatus.IN_DOUBT.value, "reason": "no answer came"}
        row = t.messages.c.id == newest.id
        connection.execute(update(t.messages).where(row).values(**doubtful))
    with house.store.begin() as tx:
        tx.outbox.reopen(Channel.EMAIL)
    assert "Nobody knows whether Arun S.’s answer of 10:0" in shown(approver, reply)
    listed = approver.get("/doubts").text
    assert f'href="/inbox?f=all&amp;sel={reply.id}">Decide in the inbox' in listed
    assert "It arrived" in shown(approver, reply)
    post(approver, reply, "/decide", decision="was_sent", back="/doubts")
    assert f"sel={reply.id}" not in approver.get("/doubts").text
    decided = house.answering.look(reply.id).newest
    assert decided is not None
    assert decided.status is MessageStatus.ACCEPTED


def test_an_answer_that_failed_says_why_and_is_tried_again_only_where_it_may(
    house: Services, signed_in: SignIn
) -> None:
    client = signed_in("manager")
    busy = heard(house, "Please call", "+66990001777")
    rows.answer(house, busy.id, SYSTEM, MessageStatus.FAILED, "transient: 131000: Try later")
    page = shown(client, busy)
    assert "The provider had a problem (131000: Try later)" in text_of(page)
    assert ">Retry<" in page
    house.answers.suppress(Channel.WHATSAPP, busy.address, "asked by phone", SYSTEM)
    page = shown(client, busy)
    assert ">Retry<" not in page
    assert "It cannot be sent again: nothing is sent to this address" in text_of(page)
