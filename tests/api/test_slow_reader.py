"""Reading words may take seconds: nothing waits for it, and nothing is kept on stale knowledge."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from campaigns import settings
from campaigns.bootstrap import Services, opened, sample_book
from campaigns.model.access import SYSTEM
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, EventType
from campaigns.model.ids import CampaignId
from campaigns.model.ports import Clock, ReplyReader
from campaigns.model.reply import Reading, Reply, ReplyContext
from campaigns.orchestrator.answers import Answers

EMAIL, WORDS = "somebody@nowhere.example", "Could you call me tomorrow?"


class SlowReader:
    """The house's reader; something else happens during its first reading."""

    def __init__(self, reader: ReplyReader, meanwhile: Callable[[], object]) -> None:
        self._reader = reader
        self._meanwhile = meanwhile
        self.contexts: list[ReplyContext] = []

    def read(self, text: str, context: ReplyContext, charge: CampaignId | None = None) -> Reading:
        self.contexts.append(context)
        if len(self.contexts) == 1:
            self._meanwhile()
        return self._reader.read(text, context)


class DayAfterDay:
    """A clock on which a day can end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.days = 0

    def now(self) -> datetime:
        return self._clock.now()

    def local_now(self) -> datetime:
        return self._clock.local_now()

    def today(self) -> date:
        return self._clock.today() + timedelta(days=self.days)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    chosen = settings.read(
        campaigns_book=sample_book(),
        campaigns_data=tmp_path_factory.mktemp("slow"),
        campaigns_today="2025-09-15",
        campaigns_simulate="all",
    )
    with opened(chosen) as services:
        yield services


def slow(
    house: Services, meanwhile: Callable[[], object], clock: Clock | None = None
) -> tuple[Answers, SlowReader]:
    ports = house.answers._p
    reader = SlowReader(ports.reader, meanwhile)
    changed = replace(ports, reader=reader, clock=clock or ports.clock)
    return Answers(changed, house.answers._writing), reader


def kept(house: Services, address: str) -> list[Reply]:
    return [r for r in house.answers.page("", 100, None, waiting=False)[0] if r.address == address]


def test_others_write_while_words_are_read(house: Services) -> None:
    def others() -> None:
        house.answers.suppress(Channel.EMAIL, "other@nowhere.example", "asked by phone", SYSTEM)

    answers, reader = slow(house, others)
    reply = answers.respond(EMAIL, WORDS, Channel.EMAIL, SYSTEM)
    assert len(reader.contexts) == 1
    assert [r.id for r in kept(house, EMAIL)] == [reply.id]


def test_words_are_read_anew_when_what_is_known_changed_meanwhile(house: Services) -> None:
    clock = DayAfterDay(house.clock)
    today = clock.today()
    answers, reader = slow(house, lambda: setattr(clock, "days", 1), clock)
    reply = answers.respond("late@nowhere.example", WORDS, Channel.EMAIL, SYSTEM)
    assert [c.today for c in reader.contexts] == [today, today + timedelta(days=1)]
    assert [r.id for r in kept(house, "late@nowhere.example")] == [reply.id]


@pytest.mark.parametrize("again", ["while it is read", "afterwards"])
def test_news_heard_twice_is_one_reply(house: Services, again: str) -> None:
    address = f"{again.replace(' ', '-')}@nowhere.example"
    event = DeliveryEvent(
        channel=Channel.EMAIL,
        type=EventType.REPLIED,
        dedupe_key=address,
        occurred_at=house.clock.now(),
        address=address,
        text=WORDS,
    )
    meanwhile = (lambda: house.answers.heard(event)) if again == "while it is read" else list
    answers, reader = slow(house, meanwhile)
    answers.heard(event)
    answers.heard(event)
    assert len(reader.contexts) == 1
    assert len(kept(house, address)) == 1


def test_a_reader_that_fails_leaves_the_news_to_be_heard_again(house: Services) -> None:
    def breaks() -> None:
        raise ConnectionError("the model is away")

    event = DeliveryEvent(
        channel=Channel.EMAIL,
        type=EventType.REPLIED,
        dedupe_key="breaks",
        occurred_at=house.clock.now(),
        address="broken@nowhere.example",
        text=WORDS,
    )
    answers, _ = slow(house, breaks)
    with pytest.raises(ConnectionError):
        answers.heard(event)
    assert kept(house, "broken@nowhere.example") == []
    answers.heard(event)
    assert len(kept(house, "broken@nowhere.example")) == 1
