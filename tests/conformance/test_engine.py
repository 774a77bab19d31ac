"""The engine on real DBOS: durable starts, waits, restarts, news, and a clean stop."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import monotonic, sleep

import pytest
from dbos import DBOS
from tests.support.sending import (
    CountingIds,
    ToldCarrier,
    WallClock,
    accepts,
    campaign,
    message,
    plant,
)

from campaigns.engine import Engine, Hooks, Pace
from campaigns.model.customer import Channel
from campaigns.model.delivery import (
    DeliveryEvent,
    EventType,
    Lane,
    Quota,
    Reason,
    ReasonClass,
    Recorded,
    Refused,
    Rest,
    SendOutcome,
)
from campaigns.model.ids import CampaignId
from campaigns.model.message import Message
from campaigns.model.message import MessageStatus as S
from campaigns.sender import Rules, Sender
from campaigns.store import SqlStore

CAMPAIGN = CampaignId("c_1")
QUICK = Pace(queue_s=0.05, news_s=0.05, timer_s=0.05, stop_s=1.0, error_s=0.1)
PATIENCE_S = 30.0


def until(true: Callable[[], bool]) -> None:
    """Wait for something the engine's own threads do."""
    end = monotonic() + PATIENCE_S
    while not true():
        assert monotonic() < end, "it did not happen"
        sleep(0.02)


@dataclass
class Wire:
    """News that a provider holds until it is acknowledged."""

    events: list[DeliveryEvent] = field(default_factory=list)

    def fetch(self, now: datetime) -> Sequence[DeliveryEvent]:
        return list(self.events)

    def acknowledge(self, events: Iterable[DeliveryEvent]) -> None:
        for event in events:
            self.events.remove(event)


@dataclass
class House:
    """A store, a carrier and an engine; what the engine told is written down."""

    store: SqlStore
    carrier: ToldCarrier = field(default_factory=ToldCarrier)
    wire: Wire = field(default_factory=Wire)
    clock: WallClock = field(default_factory=WallClock)
    heard: list[DeliveryEvent] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    hear: Callable[[DeliveryEvent], object] | None = None
    launches: int = 0
    pace: Pace = QUICK

    @contextmanager
    def working(self, courier: object = None) -> Iterator[Engine]:
        self.launches += 1
        sender = Sender(
            self.store,
            {self.carrier.channel: self.carrier},
            self.clock,
            Rules(window=None, default_zone="Asia/Bangkok"),
        )
        engine = Engine(
            database_url=self.store.engine.url.render_as_string(hide_password=False),
            connection_of=self.store.connection_of,
            store=self.store,
            courier=courier or sender,  # type: ignore[arg-type]
            hooks=Hooks(
                begin_due=lambda: self.calls.append("begin_due"),
                settle=lambda: self.calls.append("settle"),
                heard=self.hear or self.heard.append,
                propose_due=lambda: self.calls.append("propose_due"),
            ),
            news=[self.wire],
            clock=self.clock,
            ids=CountingIds(start=f"{self.launches}."),
            pace=self.pace,
        )
        engine.launch()
        try:
            yield engine
        finally:
            engine.stop()

    def start(self, engine: Engine, messages: Sequence[Message], after_s: float = 0.0) -> None:
        """Store a campaign with these messages and start it, in one transaction."""
        at = self.clock.now() + timedelta(seconds=after_s)
        with self.store.begin() as tx:
            tx.campaigns.add(campaign())
            tx.messages.add(messages)
            engine.start(tx, campaign(), [self.carrier.channel], at)

    def states(self) -> Mapping[S, int]:
        with self.store.read() as tx:
            return {status: n for (_, status), n in tx.messages.counts(CAMPAIGN).items()}


@pytest.fixture
def house(store: SqlStore) -> House:
    return House(store)


def crowd(n: int) -> list[Message]:
    return [message(number) for number in range(n)]


def told(kind: EventType, key: str, **more: object) -> DeliveryEvent:
    event = DeliveryEvent(
        channel=Channel.EMAIL, type=kind, dedupe_key=key, occurred_at=WallClock().now()
    )
    return replace(event, **more)  # type: ignore[arg-type]


def test_a_started_campaign_is_sent_batch_after_batch(house: House) -> None:
    with house.working() as engine:
        house.start(engine, crowd(250))
        until(lambda: house.states() == {S.ACCEPTED: 250})
    assert len({m.id for m in house.carrier.left}) == len(house.carrier.left) == 250


def test_a_start_that_is_rolled_back_never_was(house: House) -> None:
    plant(house.store, [])
    with house.working() as engine:
        with pytest.raises(RuntimeError, match="changed my mind"):
            _start_and_change_ones_mind(house, engine)
        with house.store.begin() as tx:
            tx.messages.add([message(7)])
            engine.start(tx, campaign(), [Channel.EMAIL], house.clock.now())
        until(lambda: house.states() == {S.ACCEPTED: 1})
    assert [m.id for m in house.carrier.left] == [message(7).id]


def _start_and_change_ones_mind(house: House, engine: Engine) -> None:
    with house.store.begin() as tx:
        tx.messages.add(crowd(1))
        engine.start(tx, campaign(), [Channel.EMAIL], house.clock.now())
        raise RuntimeError("changed my mind")


def test_nothing_leaves_before_the_time_it_was_started_for(house: House) -> None:
    with house.working() as engine:
        due = house.clock.now() + timedelta(seconds=1.5)
        house.start(engine, crowd(1), after_s=1.5)
        until(lambda: house.states() == {S.ACCEPTED: 1})
        assert house.clock.now() >= due


def test_a_dry_quota_is_waited_for_outside_any_slot(house: House) -> None:
    house.carrier.quota = Quota(limit=5, window_s=2)
    with house.working() as engine:
        house.start(engine, crowd(8))
        until(lambda: house.states().get(S.ACCEPTED) == 5)
        until(lambda: house.states() == {S.ACCEPTED: 8})


def test_a_refused_message_is_tried_again_when_it_is_due(house: House) -> None:
    busy = Refused(reason=Reason(kind=ReasonClass.RATE_LIMITED), retry_after_s=1.0)

    def refuse_once(m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        return busy if m.attempt == 1 else accepts(m, leaving)

    house.carrier.does = refuse_once
    with house.working() as engine:
        house.start(engine, crowd(3))
        until(lambda: house.states() == {S.ACCEPTED: 3})


def test_what_was_not_sent_goes_on_after_a_restart(house: House) -> None:
    """Also twice in one process: DBOS is a singleton and has to be put away properly."""
    with house.working() as engine:
        house.start(engine, crowd(300))
        until(lambda: len(house.carrier.left) > 20)
    assert len(house.carrier.left) < 300
    with house.working():
        until(lambda: house.states() == {S.ACCEPTED: 300})
    assert len({m.id for m in house.carrier.left}) == len(house.carrier.left) == 300


def test_a_lane_that_nobody_remembers_is_started_from_the_rows(house: House) -> None:
    """As after a move to another database: the rows came along, DBOS's own state did not."""
    plant(house.store, [*crowd(3), message(9, is_test=True)])
    with house.working():
        until(lambda: house.states() == {S.ACCEPTED: 3})
        until(lambda: len(house.carrier.left) == 4)


def test_after_a_crash_nothing_that_left_leaves_again(house: House) -> None:
    plant(house.store, crowd(4))
    with house.store.begin() as tx:
        lane = Lane(campaign_id=CAMPAIGN, channel=Channel.EMAIL, epoch=1)
        now = house.clock.now()
        claimed = tx.outbox.claim(lane, house.carrier.quota, now, 2).messages
        assert tx.outbox.leaving(claimed[0].id, 1, now)
    with house.working():
        until(lambda: house.states() == {S.ACCEPTED: 3, S.IN_DOUBT: 1})
    assert claimed[0].id not in {m.id for m in house.carrier.left}


def test_a_batch_that_raises_does_not_end_its_lane(house: House) -> None:
    @dataclass
    class Shaky:
        """A courier whose first batch meets a database that is away."""

        calls: int = 0

        def stop(self) -> None:
            return

        async def send(self, lane: Lane) -> Rest:
            self.calls += 1
            if self.calls == 1:
                raise OSError("disk is full")
            return Rest()

        def record(self, events: Sequence[DeliveryEvent]) -> Sequence[Recorded]:
            return []

        async def close(self) -> None:
            return

    courier = Shaky()
    plant(house.store, crowd(1))
    with house.working(courier):
        until(lambda: courier.calls == 2)


def test_links_that_have_ended_are_forgotten(house: House) -> None:
    house.pace = replace(QUICK, repair_s=0.2, keep_s=0.0)
    with house.working() as engine:
        house.start(engine, crowd(3))
        until(lambda: house.states() == {S.ACCEPTED: 3})
        until(lambda: DBOS.list_workflows() == [])


# --- news ----------------------------------------------------------------------------------------


def test_news_is_stored_merged_and_then_acknowledged(house: House) -> None:
    with house.working() as engine:
        house.start(engine, crowd(1))
        until(lambda: house.states() == {S.ACCEPTED: 1})
        house.wire.events += [told(EventType.DELIVERED, "d1", message_id=message(0).id)] * 2
        until(lambda: house.wire.events == [])
    assert house.states() == {S.DELIVERED: 1}
    assert house.heard == []


def test_news_about_people_is_for_the_orchestrator(house: House) -> None:
    reply = told(EventType.REPLIED, "r1", text="Yes please")
    house.wire.events += [reply, told(EventType.UNSUBSCRIBED, "u1")]
    with house.working():
        until(lambda: house.wire.events == [])
    assert [e.type for e in house.heard] == [EventType.REPLIED, EventType.UNSUBSCRIBED]


def test_news_that_cannot_be_taken_in_comes_again_and_stops_no_other(house: House) -> None:
    times: list[str] = []

    def trip_once(event: DeliveryEvent) -> None:
        times.append(event.dedupe_key)
        if times == ["r1"]:
            raise OSError("disk is full")

    house.hear = trip_once
    house.wire.events += [told(EventType.REPLIED, "r1"), told(EventType.REPLIED, "r2")]
    with house.working():
        until(lambda: house.wire.events == [])
    assert times == ["r1", "r2", "r1"]


def test_one_piece_of_news_that_cannot_be_stored_does_not_hold_up_the_rest(house: House) -> None:
    plant(house.store, crowd(3))
    good = [told(EventType.DELIVERED, f"d{n}", message_id=message(n).id) for n in range(3)]
    # A naive time cannot be stored.
    bad = replace(good[0], dedupe_key="bad", occurred_at=datetime(2025, 9, 15))  # noqa: DTZ001
    house.wire.events += [good[0], bad, good[1], good[2]]
    with house.working():
        until(lambda: house.wire.events == [bad])
        until(lambda: house.states() == {S.DELIVERED: 3})


def test_the_orchestrator_is_asked_again_and_again_what_is_due_and_done(house: House) -> None:
    with house.working():
        until(lambda: house.calls.count("begin_due") >= 3 <= house.calls.count("settle"))


# --- stopping ------------------------------------------------------------------------------------


def test_a_stop_with_a_provider_that_hangs_is_quick_and_says_what_is_not_known(
    house: House,
) -> None:
    hanging = threading.Event()

    @dataclass
    class Hanging(ToldCarrier):
        async def send(self, m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
            if m.id == message(0).id:
                assert leaving()
                hanging.set()
            await asyncio.sleep(3600)
            return None

    house.carrier = Hanging()
    with house.working() as engine:
        house.start(engine, crowd(3))
        assert hanging.wait(PATIENCE_S)
        before = monotonic()
    assert monotonic() - before < 3
    assert house.states() == {S.IN_DOUBT: 1, S.QUEUED: 2}


def test_a_stopped_engine_takes_no_starts(house: House) -> None:
    plant(house.store, crowd(1))
    sender_less = House(house.store)
    with sender_less.working() as engine:
        pass
    with pytest.raises(RuntimeError, match="has stopped"), house.store.begin() as tx:
        engine.start(tx, campaign(), [Channel.EMAIL], house.clock.now())
