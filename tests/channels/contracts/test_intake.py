"""The intake: what was answered with 200 is taken in, whatever happens to the process."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.support.providers import RENEWAL
from tests.support.sending import NOON, HandClock, message, plant, sqlite_store

from campaigns.model.access import SYSTEM
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, EventType, Reason, ReasonClass
from campaigns.model.message import MessageStatus
from campaigns.model.template import TemplateCategory, TemplateNews, TemplateStatus
from campaigns.model.webhook import AccountNews, Told
from campaigns.orchestrator.intake import Intake
from campaigns.orchestrator.templates import TemplateLibrary
from campaigns.store import SqlStore

WA = Channel.WHATSAPP


def event(number: int, **changes: object) -> DeliveryEvent:
    base = DeliveryEvent(
        channel=WA, type=EventType.READ, dedupe_key=f"e{number}", occurred_at=NOON, address="+669"
    )
    return replace(base, **changes)


@dataclass
class ToldReader:
    """Reads what it was told to, for a body that starts with "signed"."""

    told: Told = field(default_factory=Told)

    def verifies(self, body: bytes, signature: str) -> bool:
        return body.startswith(b"signed")

    def read(self, body: bytes, received_at: object) -> Told:
        return self.told


@dataclass
class ToldLimit:
    limits: list[int] = field(default_factory=list)

    def limit_to(self, limit: int) -> None:
        self.limits.append(limit)


@dataclass
class Desk:
    """An intake and what is around it."""

    store: SqlStore
    clock: HandClock
    reader: ToldReader
    limit: ToldLimit

    def open(self) -> Intake:
        """Return an intake as a new process has it."""
        library = TemplateLibrary(self.store, self.clock, None)
        return Intake(self.store, self.clock, {WA: self.reader}, library, {WA: self.limit})

    def waiting(self) -> int:
        with self.store.read() as tx:
            return tx.webhooks.waiting()

    def template(self) -> object:
        with self.store.read() as tx:
            return tx.templates.get(RENEWAL.name, "en")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = sqlite_store(tmp_path / "c.db")
    yield Desk(store, HandClock(), ToldReader(), ToldLimit())
    store.engine.dispose()


def test_what_is_not_signed_or_not_configured_is_not_kept(desk: Desk) -> None:
    intake = desk.open()
    assert intake.take_in(WA, b"forged", "x") is False
    assert intake.take_in(Channel.LINE, b"signed", "x") is False
    assert desk.waiting() == 0


def test_a_request_is_done_with_its_last_event(desk: Desk) -> None:
    desk.reader.told = Told(events=(event(1), event(2)))
    intake = desk.open()
    assert intake.take_in(WA, b"signed", "x")
    first, second = intake.fetch(NOON)
    intake.acknowledge([first])
    assert desk.waiting() == 1
    intake.acknowledge([second])
    assert desk.waiting() == 0


def test_a_process_that_dies_in_between_leaves_nothing_behind(desk: Desk) -> None:
    desk.reader.told = Told(events=(event(1), event(2)))
    desk.open().take_in(WA, b"signed", "x")
    for _ in range(9):  # a lease grows with every try
        dying = desk.open()
        dying.acknowledge(dying.fetch(NOON)[:1])
        assert dying.fetch(NOON + timedelta(seconds=29)) == []
    heir = desk.open()
    again = heir.fetch(NOON)
    assert [e.dedupe_key for e in again] == ["e1", "e2"]
    heir.acknowledge(again)
    assert desk.waiting() == 0


def test_an_event_in_two_requests_is_done_in_both(desk: Desk) -> None:
    intake = desk.open()
    desk.reader.told = Told(events=(event(1),))
    for body in (b"signed 1", b"signed 2"):
        intake.take_in(WA, body, "x")
    intake.acknowledge(intake.fetch(NOON)[:1])
    assert desk.waiting() == 0


def test_a_request_that_tells_nothing_is_done_at_once(desk: Desk) -> None:
    desk.reader.told = Told(faults=("the body is no JSON",))
    intake = desk.open()
    intake.take_in(WA, b"signed", "x")
    assert intake.fetch(NOON) == []
    with desk.store.read() as tx:
        assert [raw.trouble for raw in tx.webhooks.troubled(9)] == ["the body is no JSON"]


def test_a_request_of_a_channel_that_lost_its_secret_waits(desk: Desk) -> None:
    desk.open().take_in(WA, b"signed", "x")
    library = TemplateLibrary(desk.store, desk.clock, None)
    assert Intake(desk.store, desk.clock, {}, library, {}).fetch(NOON) == []
    assert desk.waiting() == 1


# --- what follows at once --------------------------------------------------------------------------


def test_a_paused_template_is_known_as_soon_as_it_is_told(desk: Desk) -> None:
    paused = TemplateNews(
        name=RENEWAL.name, language="en", at=NOON, status=TemplateStatus.PAUSED, reason="quality"
    )
    desk.reader.told = Told(templates=(paused,))
    intake = desk.open()
    intake.take_in(WA, b"signed", "x")
    intake.fetch(NOON)
    assert "paused" in str(desk.template().trouble)


def test_a_message_that_failed_for_its_template_holds_the_template(desk: Desk) -> None:
    sent = replace(message(1, WA, status=MessageStatus.ACCEPTED), template=RENEWAL)
    plant(desk.store, [sent])
    reason = Reason(kind=ReasonClass.TEMPLATE, code="132015", detail="paused")
    failed = event(1, type=EventType.FAILED, message_id=sent.id, reason=reason)
    desk.reader.told = Told(events=(failed,))
    intake = desk.open()
    intake.take_in(WA, b"signed", "x")
    assert len(intake.fetch(NOON)) == 1
    assert "132015" in str(desk.template().trouble)


def test_the_providers_limit_is_taken_over(desk: Desk) -> None:
    desk.reader.told = Told(account=(AccountNews(at=NOON, words="limit", limit=250),))
    intake = desk.open()
    intake.take_in(WA, b"signed", "x")
    intake.fetch(NOON)
    assert desk.limit.limits == [250]


def test_news_that_stops_a_channel_acts_once_however_often_it_is_read(desk: Desk) -> None:
    halting = AccountNews(at=NOON, words="locked", halts="the account is locked")
    desk.reader.told = Told(account=(halting,), events=(event(1),))
    intake = desk.open()
    intake.take_in(WA, b"signed", "x")
    intake.fetch(NOON)
    with desk.store.begin() as tx:
        assert tx.outbox.halted(NOON) == {WA: "the account is locked"}
        tx.outbox.reopen(WA)
    intake.fetch(NOON + timedelta(hours=1))  # never acknowledged, so it is read again
    with desk.store.read() as tx:
        assert tx.outbox.halted(NOON) == {}


# --- who it is -------------------------------------------------------------------------------------


def told_as(desk: Desk, *events: DeliveryEvent) -> list[str | None]:
    desk.reader.told = Told(events=events)
    intake = desk.open()
    intake.take_in(WA, f"signed {len(events)} {events[0].dedupe_key}".encode(), "x")
    told = intake.fetch(desk.clock.now())
    intake.acknowledge(told)
    return [e.address for e in told]


def test_a_person_is_known_by_either_name_once_both_were_told_together(desk: Desk) -> None:
    by_id = event(1, address=None, user_id="TH.7")
    assert told_as(desk, by_id) == ["TH.7"]
    assert told_as(desk, event(2, address="+669900000001", user_id="TH.7")) == ["+669900000001"]
    assert told_as(desk, replace(by_id, dedupe_key="e3")) == ["+669900000001"]


def test_an_id_that_differs_from_the_number_we_wrote_to_leads_back_to_it(desk: Desk) -> None:
    with desk.store.begin() as tx:
        tx.identities.learn(WA, "5215512345678", "+525512345678", NOON)
    assert told_as(desk, event(1, address="+5215512345678")) == ["+525512345678"]


def test_a_recategorised_template_is_held_and_released_by_a_person(desk: Desk) -> None:
    library = TemplateLibrary(desk.store, desk.clock, None)
    with desk.store.begin() as tx:
        library.heard(
            tx,
            TemplateNews(
                name=RENEWAL.name,
                language="en",
                at=NOON,
                status=TemplateStatus.APPROVED,
                category=TemplateCategory.UTILITY,
            ),
        )
        known = tx.templates.get(RENEWAL.name, "en")
        tx.templates.put(replace(known, submitted_as=TemplateCategory.UTILITY))
    moved = TemplateNews(
        name=RENEWAL.name, language="en", at=NOON, category=TemplateCategory.MARKETING
    )
    later = replace(moved, at=NOON + timedelta(hours=1))
    desk.reader.told = Told(templates=(later,))
    intake = desk.open()
    intake.take_in(WA, b"signed", "x")
    intake.fetch(NOON)
    with desk.store.read() as tx:
        assert "marketing" in str(library.trouble(tx, RENEWAL))
    library.release(RENEWAL.name, "en", SYSTEM)
    with desk.store.read() as tx:
        assert library.trouble(tx, RENEWAL) is None
