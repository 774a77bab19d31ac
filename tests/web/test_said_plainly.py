"""Pages say what they mean: no raw ids, no code without its meaning, no "unknown" for "not marked"."""

import re

from tests.web import rows
from tests.web.conftest import SignIn
from tests.web.houses import created, text_of

from campaigns.bootstrap import Services
from campaigns.model.access import SYSTEM
from campaigns.model.consent import Suppression, SuppressionReason
from campaigns.model.customer import Channel
from campaigns.model.message import MessageStatus
from campaigns.web.words import day

THAI = "ส่งข้อความแจ้งต่อสัญญาให้ Hilton ทุกแห่งในไทยที่หมดสัญญาไตรมาสนี้"


def test_a_customer_nobody_marked_is_not_marked_rather_than_unknown(signed_in: SignIn) -> None:
    page = text_of(signed_in("viewer").get("/customers/hilton-pattaya").text)
    assert "High-value not marked the book does not mark it" in page


def test_the_trail_names_a_reply_of_somebody_unknown(house: Services, signed_in: SignIn) -> None:
    reply = house.answers.respond("stranger@elsewhere.example", "Who is it?", Channel.EMAIL, SYSTEM)
    assert reply.sender is None
    page = text_of(signed_in("viewer").get("/audit?kind=reply").text)
    assert "Reply from an unknown sender" in page
    assert reply.id not in page


def test_the_trail_names_a_channel_that_was_stopped(house: Services, signed_in: SignIn) -> None:
    house.sends.stop([Channel.LINE], "the account is being moved", SYSTEM)
    house.sends.reopen(Channel.LINE, SYSTEM)
    page = text_of(signed_in("viewer").get("/audit").text)
    assert "let a channel send again LINE" in page
    assert "stopped a channel LINE" in page


def test_the_book_s_remarks_show_severity_code_and_meaning(signed_in: SignIn) -> None:
    page = signed_in("viewer").get("/customers/book").text
    assert "Severity" in text_of(page)
    assert "Weight" not in text_of(page)
    rows = re.findall(r'<span class="mono">([\w-]+)</span><span class="soft">(.*?)</span>', page)
    assert rows
    assert all(len(meaning.split()) >= 3 for _, meaning in rows)
    assert not any("{" in meaning for _, meaning in rows)


def test_a_quarter_said_in_thai_is_an_assumption_of_its_own_chip(signed_in: SignIn) -> None:
    manager = signed_in("manager")
    page = text_of(manager.get(f"/campaigns/{created(manager, THAI)}/edit").text)
    assert re.search(r"Contract ends 15 Sep – 14 Dec 2025", page)
    assert "Assumed" not in page


def test_the_day_to_follow_up_on_is_said_once_and_in_words(
    house: Services, signed_in: SignIn
) -> None:
    words = "Our budget meeting is next month. Could you write to me again after 1 October?"
    reply = house.answers.respond("+66856644142", words, Channel.WHATSAPP, SYSTEM)
    assert reply.suggestion.follow_up_on is not None
    page = text_of(signed_in("viewer").get(f"/inbox?f=all&sel={reply.id}").text)
    assert reply.suggestion.follow_up_on.isoformat() not in page
    assert page.count(f"on {day(reply.suggestion.follow_up_on)}") == 1


def test_a_merge_names_private_contradictions_and_shows_them_to_those_who_may(
    signed_in: SignIn,
) -> None:
    path = "/customers/hilton-pattaya/merge/hilton-hua-hin-sands"
    manager, admin = (text_of(signed_in(role).get(path).text) for role in ("manager", "admin"))
    assert "Soundtrack Account ID (private) (private)" in manager
    assert re.search(r"Soundtrack Account ID QWN\w+", admin)
    assert "QWN" not in manager
    assert "Zone Count 4 6" in manager


def test_a_bounce_says_why_in_words_and_the_trail_names_who_the_message_was_for(
    house: Services, signed_in: SignIn
) -> None:
    reply = house.answers.respond("+66990006001", "Call me", Channel.WHATSAPP, SYSTEM)
    answer = rows.answer(house, reply.id, SYSTEM, MessageStatus.DELIVERED, "")
    now = house.clock.now()
    with house.store.begin() as tx:
        suppress = Suppression(
            channel=Channel.WHATSAPP,
            address="+66990006002",
            reason=SuppressionReason.BOUNCE,
            source="provider",
            evidence="invalid_recipient: 131026: Message undeliverable",
            at=now,
        )
        tx.consents.suppress(suppress)
        tx.audit.add(now, "system", "message.edited", f"message:{answer}", {})
    viewer = signed_in("viewer")
    listed = text_of(viewer.get("/suppressions").text)
    assert "The address does not exist (131026: Message undeliverable)" in listed
    trail = text_of(viewer.get("/audit?kind=message").text)
    assert "Answer to an unknown sender" in trail
    assert answer not in trail
