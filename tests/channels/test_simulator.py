"""Simulated providers behave the same every time, and tell what real ones tell."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.support.sending import NOON, ROOMY, HandClock, address_of, message

from campaigns.channels.simulator import Box, Faults, SimulatedCarrier
from campaigns.channels.simulator.behaviour import answers, behaviour, follows, script
from campaigns.model.customer import Channel
from campaigns.model.delivery import (
    Accepted,
    DeliveryEvent,
    EventType,
    ReasonClass,
    Refused,
    SendOutcome,
    Unknown,
)
from campaigns.model.message import Message
from campaigns.model.reply import Intent

ENDINGS = {"00": "failed", "01": "refused", "02": "silent", "03": "lost", "12": "question"}


def simulated(box: Box, channel: Channel, faults: Faults | None = None) -> SimulatedCarrier:
    return SimulatedCarrier(
        channel,
        ROOMY,
        box,
        HandClock(),
        dress=lambda text, rendered, facts: (None, None),
        problem=lambda message: None,
        faults=faults,
    )


def send(carrier: SimulatedCarrier, sent: Message, *, may_leave: bool = True) -> SendOutcome | None:
    return asyncio.run(carrier.send(sent, lambda: may_leave))


def kinds(told: list[tuple[object, DeliveryEvent]]) -> set[EventType]:
    return {event.type for _, event in told}


@pytest.mark.parametrize(("ending", "does"), ENDINGS.items())
def test_a_phone_asks_for_a_behaviour_by_its_last_digits(ending: str, does: str) -> None:
    assert behaviour(message(1, Channel.WHATSAPP, address=f"+669900000{ending}")) == does


def test_an_email_asks_for_a_behaviour_by_a_word() -> None:
    assert behaviour(message(1, address="bounce@hotel.example")) == "failed"
    assert behaviour(message(1, address="ask+question@hotel.example")) == "question"
    # Only the local part counts: a hotel may be called Waterstop.
    assert behaviour(message(1, address="gm@waterstop.example")) != "opt_out"


def test_every_behaviour_that_can_be_asked_for_has_an_answer_in_both_languages() -> None:
    have = {(a.intent, a.language) for a in answers()}
    assert have == {(intent.value, language) for intent in Intent for language in ("en", "th")}


def test_recipients_differ_by_chance_and_each_always_does_the_same() -> None:
    crowd = [message(n, Channel.EMAIL) for n in range(400)]
    first = [behaviour(m) for m in crowd]
    assert first == [behaviour(m) for m in crowd]
    shares = Counter(first)
    assert 0.3 < shares["silent"] / 400 < 0.6
    assert shares["accept"] > shares["opt_out"] > 0


def test_whatsapp_tells_sent_delivered_and_read_and_line_tells_nothing() -> None:
    silent = message(1, Channel.WHATSAPP, address="+66990000002")
    assert EventType.DELIVERED in kinds(script(silent, "p1", NOON))
    line = message(1, Channel.LINE, address="U" + "0" * 30 + "02")
    assert script(line, "p1", NOON) == []


def test_an_answer_is_in_the_language_of_the_message() -> None:
    asked = message(1, address="question@hotel.example", language="th")
    [reply] = [e for _, e in script(asked, "p1", NOON) if e.type is EventType.REPLIED]
    assert reply.text in {a.text for a in answers() if a.language == "th"}
    assert reply.address == asked.address


def test_an_automatic_answer_by_mail_says_so_in_its_headers() -> None:
    told = script(message(1, address="away@hotel.example"), "p1", NOON)
    [reply] = [e for _, e in told if e.type is EventType.AUTO_REPLIED]
    assert reply.headers["Auto-Submitted"] == "auto-replied"


def test_a_score_answers_a_survey() -> None:
    asked = message(1, address="score@hotel.example", cohort="survey.formal.en.email..a")
    [reply] = [e for _, e in script(asked, "p1", NOON) if e.type is EventType.REPLIED]
    assert any(c.isdigit() for c in reply.text or "")


def test_a_test_message_is_delivered_and_not_answered() -> None:
    told = script(message(1, address="accept@hotel.example", is_test=True), "p1", NOON)
    assert EventType.DELIVERED in kinds(told)
    assert EventType.REPLIED not in kinds(told)


def test_some_news_comes_twice_and_some_out_of_order() -> None:
    twice = disordered = 0
    for n in range(200):
        told = script(message(n, Channel.WHATSAPP, address=f"+6699{n:06d}02"), f"p{n}", NOON)
        keys = [event.dedupe_key for _, event in told]
        twice += len(keys) > len(set(keys))
        times = [event.occurred_at for _, event in told]
        disordered += times != sorted(times)
    assert twice > 20
    assert disordered > 20


def test_speed_shortens_every_delay() -> None:
    asked = message(1, Channel.WHATSAPP, address="+66990000012")
    slow, fast = (script(asked, "p1", NOON, speed)[-1][0] - NOON for speed in (1.0, 20.0))
    assert fast * 20 == slow
    assert fast < timedelta(seconds=1)


def test_line_ids_that_do_not_follow_are_known_by_their_ending() -> None:
    stranger = "U" + "0" * 30 + "ff"
    known = address_of(Channel.LINE, 1)
    assert follows(known)
    line = simulated(Box(), Channel.LINE)
    assert line.follows([known, stranger]) == {known}


def test_taking_a_message_is_remembered_and_told_when_due() -> None:
    box, sent = Box(), message(1, Channel.WHATSAPP, address="+66990000012")
    outcome = send(simulated(box, Channel.WHATSAPP), sent)
    assert isinstance(outcome, Accepted)
    [taken] = box.taken()
    assert (taken.message_id, taken.address) == (sent.id, sent.address)
    assert box.fetch(NOON) == []

    later = NOON + timedelta(minutes=1)
    news = box.fetch(later)
    assert {e.message_id for e in news} <= {sent.id, None}
    assert box.fetch(later) == news
    box.acknowledge(news)
    assert box.fetch(later) == []
    assert box.waiting() == 0


def test_a_box_outlives_its_process(tmp_path: Path) -> None:
    first = Box(tmp_path / "simulator.db")
    outcome = send(simulated(first, Channel.EMAIL), message(1))
    first.close()
    second = Box(tmp_path / "simulator.db")
    assert [t.message_id for t in second.taken()] == [message(1).id]
    other = send(simulated(second, Channel.EMAIL), message(2))
    assert isinstance(outcome, Accepted)
    assert isinstance(other, Accepted)
    assert outcome.provider_id != other.provider_id
    second.close()


def test_a_message_that_may_not_leave_is_not_taken() -> None:
    box = Box()
    assert send(simulated(box, Channel.EMAIL), message(1), may_leave=False) is None
    assert box.taken() == []


def test_a_dead_line_id_is_refused_at_once() -> None:
    box = Box()
    dead = message(1, Channel.LINE, address="U" + "0" * 32)
    outcome = send(simulated(box, Channel.LINE), dead)
    assert isinstance(outcome, Refused)
    assert outcome.reason.kind is ReasonClass.INVALID_RECIPIENT
    assert box.taken() == []


@pytest.mark.parametrize(
    ("faults", "expected", "taken"),
    [
        (Faults(busy=1), Refused, 0),
        (Faults(dropped=1), Unknown, 0),
        (Faults(unanswered=1), Unknown, 1),
    ],
)
def test_a_bad_provider_refuses_drops_or_does_not_answer(
    faults: Faults, expected: type, taken: int
) -> None:
    box = Box()
    outcome = send(simulated(box, Channel.EMAIL, faults), message(1))
    assert isinstance(outcome, expected)
    assert len(box.taken()) == taken


def test_a_mute_provider_takes_and_tells_nothing() -> None:
    box = Box()
    sent = replace(message(1, Channel.WHATSAPP), address="+66990000010")
    send(simulated(box, Channel.WHATSAPP, Faults(mute=1)), sent)
    assert len(box.taken()) == 1
    assert box.waiting() == 0
