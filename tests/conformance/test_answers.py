"""Answers to replies on every database: sent once, by a person's act, within the channel's rules."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.conformance.conftest import address_for_processes
from tests.support.automating import HouseClock, at, write_book
from tests.support.sending import Sends, ToldCarrier, accepts

from campaigns import settings
from campaigns.bootstrap import opened
from campaigns.flow.dispatch import Window, parse_window
from campaigns.model.access import Actor, Scope
from campaigns.model.answer import ANSWERS
from campaigns.model.campaign import Campaign
from campaigns.model.consent import Suppression, SuppressionReason
from campaigns.model.customer import Channel
from campaigns.model.delivery import (
    DeliveryEvent,
    EventType,
    Lane,
    Quota,
    Reason,
    ReasonClass,
    Refused,
    SendOutcome,
    Unknown,
)
from campaigns.model.errors import NotFound, RequestInvalid, Unconfirmed, WrongState
from campaigns.model.ids import PersonId
from campaigns.model.lists import InboxFilter, InboxQuery
from campaigns.model.message import Message
from campaigns.model.message import MessageStatus as S
from campaigns.model.people import Person, PersonRole
from campaigns.model.ports import Tx
from campaigns.model.reply import Reply
from campaigns.orchestrator.answering import Answering, Wanted
from campaigns.orchestrator.answers import Answers
from campaigns.orchestrator.fitness import WINDOW_CLOSED, Fitness
from campaigns.orchestrator.lookup import campaign_in
from campaigns.orchestrator.restraint import Restraint, together
from campaigns.orchestrator.writing import Writing
from campaigns.sender import Rules, Sender
from campaigns.store import SqlStore

NOK = Actor(name="nok", scopes=frozenset({Scope.REPLY}))
LEK = Actor(name="lek", scopes=frozenset({Scope.REPLY}))
PHONE, MAIL, LINE_ID = "+66990001234", "gm@riverside.example", "U" + "5" * 32
ADDRESSES = {Channel.WHATSAPP: PHONE, Channel.EMAIL: MAIL, Channel.LINE: LINE_ID}
NIGHT = at(2025, 9, 15, 23)
FULL = Quota(limit=0, window_s=3600)
WORDS = "Thank you for your message."


@dataclass
class Lanes:
    """A dispatcher that remembers which channels were opened, and until when they wait."""

    opened: list[tuple[Channel, datetime]] = field(default_factory=list)

    def start(
        self,
        tx: Tx,
        campaign: Campaign,
        channels: Sequence[Channel],
        at: datetime,
        *,
        tests: bool = False,
    ) -> None:
        self.opened += [(channel, at) for channel in channels]


class House:
    """A house at night, with carriers that do as told; somebody has written."""

    def __init__(self, store: SqlStore, answers: Answers, writing: Writing) -> None:
        self.store = store
        self.answers, self.writing = answers, writing
        self.clock = HouseClock(NIGHT)
        self.lanes = Lanes()
        self.by = {c: ToldCarrier(c) for c in Channel}
        ports = replace(
            answers._p, store=store, clock=self.clock, dispatcher=self.lanes, carriers=self.by
        )
        self.answers = Answers(ports, writing)
        self.answering = Answering(ports, writing)
        window = parse_window("09:00-18:00")
        assert isinstance(window, Window)
        self.sender = Sender(
            store,
            self.by,
            self.clock,
            Rules(window=window, default_zone="Asia/Bangkok"),
            fit=together(
                Fitness(self.clock, _NoTemplates(), self.by),  # type: ignore[arg-type]
                Restraint(self.clock, 1),
            ),
        )

    def hears(self, channel: Channel = Channel.WHATSAPP, words: str = "Call me please") -> Reply:
        return self.answers.respond(ADDRESSES[channel], words, channel, NOK)

    def give(self, reply: Reply, words: str = WORDS, by: Actor = NOK, **more: object) -> Message:
        wanted = Wanted(reply_id=reply.id, text=words, **more)  # type: ignore[arg-type]
        return self.answering.give(wanted, by)

    def send(self, channel: Channel = Channel.WHATSAPP, after_s: float = 11) -> None:
        self.clock.instant += timedelta(seconds=after_s)
        asyncio.run(self.sender.send(Lane(campaign_id=ANSWERS, channel=channel, epoch=1)))

    def left(self, channel: Channel = Channel.WHATSAPP) -> list[str]:
        return [m.id for m in self.by[channel].left]

    def now(self, message: Message) -> Message:
        with self.store.read() as tx:
            found = tx.messages.get(message.id)
        assert found is not None
        return found

    def told(self, message: Message, kind: EventType) -> None:
        event = DeliveryEvent(
            channel=message.channel,
            type=kind,
            dedupe_key=f"{message.id}:{kind}",
            occurred_at=self.clock.now(),
            message_id=message.id,
        )
        self.sender.record([event])

    def suppress(self, channel: Channel) -> None:
        with self.store.begin() as tx:
            tx.consents.suppress(
                Suppression(
                    channel=channel,
                    address=ADDRESSES[channel],
                    reason=SuppressionReason.OPT_OUT,
                    source="test",
                    evidence="",
                    at=self.clock.now(),
                )
            )

    def needs_reply(self) -> int:
        with self.store.read() as tx:
            return tx.inbox.counts(InboxQuery())[InboxFilter.NEEDS_REPLY]

    def audited(self, action: str) -> list[dict[str, object]]:
        with self.store.read() as tx:
            entries, _ = tx.audit.page("", 100)
        return [dict(e.detail) for e in entries if e.action == action]


class _NoTemplates:
    """A library without any: an answer has no template."""


@pytest.fixture
def house(store: SqlStore, tmp_path: Path) -> Iterator[House]:
    url = None if store.engine.dialect.name == "sqlite" else address_for_processes(store)
    chosen = settings.read(
        campaigns_book=write_book(tmp_path / "book.md", {"Riverside": "2025-10-20"}),
        campaigns_data=tmp_path,
        campaigns_database_url=url,
        campaigns_simulate="all",
    )
    with opened(chosen) as services:
        writing = services.answering._writing
        yield House(store, services.answers, writing)


def refuses(m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
    refused = Refused(reason=Reason(kind=ReasonClass.CONTENT, code="131047"))
    return refused if leaving() else None


def unclear(m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
    return Unknown(reason=Reason(kind=ReasonClass.UNKNOWN)) if leaving() else None


@pytest.mark.parametrize("channel", list(Channel))
def test_an_answer_leaves_once_after_the_hold_also_at_night(house: House, channel: Channel) -> None:
    reply = house.hears(channel)
    assert house.needs_reply() == 1
    answer = house.give(reply)
    assert house.needs_reply() == 0
    assert house.lanes.opened == [(channel, NIGHT + timedelta(seconds=10))]
    house.send(channel, after_s=9)
    assert house.left(channel) == []
    house.send(channel)
    house.send(channel)
    assert house.left(channel) == [answer.id]
    house.told(answer, EventType.READ)
    assert house.now(answer).status is S.READ
    with pytest.raises(WrongState, match="no longer be taken back"):
        house.answering.take_back(reply.id, NOK)


def test_it_takes_no_template_permit_but_one_of_the_mails_an_hour(house: House) -> None:
    house.by = {c: replace(one, quota=FULL) for c, one in house.by.items()}
    house.sender._carriers = house.by
    by_phone, by_mail = house.hears(), house.hears(Channel.EMAIL)
    answers = house.give(by_phone), house.give(by_mail)
    house.send(Channel.WHATSAPP)
    house.send(Channel.EMAIL)
    assert [house.now(a).status for a in answers] == [S.ACCEPTED, S.QUEUED]


def test_free_words_leave_inside_the_customers_own_window_only(house: House) -> None:
    reply = house.hears()
    house.clock.instant += timedelta(hours=24)
    with pytest.raises(WrongState, match=r"Window closed\. Only a template can be sent\."):
        house.give(reply)
    again = house.hears()
    waiting = house.give(again)
    with house.store.begin() as tx:
        tx.outbox.halt(Channel.WHATSAPP, "looking at it")
    house.send()
    assert house.now(waiting).status is S.QUEUED
    house.clock.instant += timedelta(hours=24)
    with house.store.begin() as tx:
        tx.outbox.reopen(Channel.WHATSAPP)
    house.send()
    assert (house.now(waiting).status, house.now(waiting).reason) == (S.SKIPPED, WINDOW_CLOSED)
    assert house.left() == []
    assert house.needs_reply() == 1


@pytest.mark.parametrize("channel", list(Channel))
def test_who_opted_out_is_not_answered(house: House, channel: Channel) -> None:
    reply, other = house.hears(channel), house.hears(channel, "And one more thing")
    answer = house.give(reply) if channel is not Channel.LINE else house.give(other)
    house.suppress(channel)
    house.send(channel)
    assert house.now(answer).status is S.SUPPRESSED
    with pytest.raises(WrongState, match="Nothing is sent to this address"):
        house.give(other, "Once more")
    assert house.left(channel) == []


def test_the_same_answer_twice_is_one_and_a_second_ones_is_refused(house: House) -> None:
    reply = house.hears()
    first = house.give(reply)
    assert house.give(reply).id == first.id
    with pytest.raises(WrongState, match=r"nok has answered this at 2025-09-15 16:00 UTC"):
        house.give(reply, "Good day.", LEK)
    more = house.give(reply, "Good day.", LEK, after=first.id)
    house.send()
    assert sorted(house.left()) == sorted([first.id, more.id])
    assert len(house.audited("answer.given")) == 2
    # They wrote again: what was said before stands in nobody's way.
    assert house.give(house.hears(words="And when?"), "Good day.", LEK).id != more.id


def test_of_two_people_answering_at_once_one_does(house: House) -> None:
    reply = house.hears()

    def answered(by: str) -> bool:
        try:
            house.give(reply, f"{WORDS} {by}", Actor(name=by, scopes=frozenset({Scope.REPLY})))
        except WrongState:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(answered, ["a", "b", "c", "d"])) == 1
    house.send()
    assert len(house.left()) == 1


def test_it_can_be_taken_back_while_it_waits(house: House) -> None:
    reply = house.hears()
    answer = house.give(reply)
    assert house.answering.take_back(reply.id, NOK).status is S.CANCELLED
    assert house.answering.take_back(reply.id, NOK).status is S.CANCELLED
    assert house.needs_reply() == 1
    house.send()
    assert house.left() == []
    assert len(house.audited("answer.taken_back")) == 1
    assert house.give(reply).id != answer.id


def test_words_without_a_source_are_stood_for_or_not_sent(house: House) -> None:
    reply = house.hears()
    offer = "We can give you 20% from 1 March."
    with pytest.raises(Unconfirmed, match="20%") as refused:
        house.give(reply, offer)
    assert house.needs_reply() == 1
    found = [c.found for c in house.answering.check(reply.id, offer) if c.found]
    assert len(refused.value.faults) == len(found)
    with pytest.raises(Unconfirmed):
        house.give(reply, offer, confirmed=frozenset(found[1:]))
    house.give(reply, offer, confirmed=frozenset(found))
    [entry] = house.audited("answer.given")
    assert entry["confirmed"] == list(dict.fromkeys(found))
    assert house.answering.check(reply.id, reply.suggestion.draft or "") == ()


@pytest.mark.parametrize(
    ("does", "status"), [(refuses, S.FAILED), (unclear, S.IN_DOUBT)], ids=["failed", "in doubt"]
)
def test_what_went_wrong_is_shown_until_somebody_decides(
    house: House, does: Sends, status: S
) -> None:
    reply = house.hears()
    house.by[Channel.WHATSAPP].does = does
    answer = house.give(reply)
    house.send()
    assert house.now(answer).status is status
    assert house.needs_reply() == 1
    house.by[Channel.WHATSAPP].does = accepts
    house.send()
    assert len(house.left()) == 1, "nothing is repeated by itself"
    house.answering.decide(reply.id, "send_again", "they never got it", NOK)
    house.send()
    assert house.now(answer).status is S.ACCEPTED
    assert house.needs_reply() == 0
    [entry] = house.audited("answer.decided")
    assert (entry["from"], entry["to"]) == (status.value, "queued")


def test_a_failed_one_is_not_repeated_on_top_of_anothers(house: House) -> None:
    reply = house.hears()
    house.by[Channel.WHATSAPP].does = refuses
    failed = house.give(reply)
    house.send()
    house.by[Channel.WHATSAPP].does = accepts
    other = house.give(house.hears(words="Hello?"), "Good day.", LEK)
    with pytest.raises(WrongState, match="lek has answered this"):
        house.answering.decide(reply.id, "send_again", "again", NOK)
    assert house.now(failed).status is S.FAILED
    assert house.now(other).status is S.QUEUED


def test_by_another_channel_of_the_same_contact(house: House) -> None:
    reply = house.hears(Channel.EMAIL)
    ways = {w.channel: w.closed for w in house.answering.look(reply.id).ways}
    assert ways == {Channel.EMAIL: None}
    with pytest.raises(WrongState, match="no line address"):
        house.give(reply, channel=Channel.LINE)
    with pytest.raises(RequestInvalid):
        house.give(reply, "   ")


def test_the_lane_of_answers_is_no_campaign(house: House) -> None:
    reply = house.hears()
    house.give(reply)
    house.send()
    with house.store.read() as tx:
        assert tx.campaigns.page(None, "", 10) == ([], None)
        assert tx.campaigns.counts() == {}
        assert tx.desk.campaigns((), "", 0, 10) == ([], 0)
        assert tx.outbox.finished(NIGHT) == []
        assert tx.messages.latest_to(Channel.WHATSAPP, PHONE) is None
        assert tx.messages.left_since(Channel.WHATSAPP, PHONE, NIGHT) == []
        with pytest.raises(NotFound):
            campaign_in(tx, ANSWERS)


def test_who_else_has_a_conversation_open(house: House) -> None:
    subject = f"reply:{house.hears().id}"
    lek = Person(
        id=PersonId("p_lek"),
        name="lek",
        email="lek@bma.example",
        role=PersonRole.MANAGER,
        created_at=NIGHT,
    )
    with house.store.begin() as tx:
        tx.people.add(lek)
        tx.answers.look(subject, lek.id, NIGHT)
        tx.answers.look(subject, lek.id, NIGHT + timedelta(seconds=30))
        assert tx.answers.looking(subject, NIGHT + timedelta(seconds=30)) == {lek.id}
        assert tx.answers.looking(subject, NIGHT + timedelta(seconds=31)) == set()
        assert tx.answers.looking("reply:another", NIGHT) == set()
