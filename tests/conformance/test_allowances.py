"""What a provider's plan has left of the month: never exceeded on purpose, asked again in time."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from tests.support.sending import NOON, HandClock, ToldCarrier, message, plant

from campaigns.model.consent import Consent
from campaigns.model.customer import Channel
from campaigns.model.delivery import Allowance, Lane
from campaigns.model.ids import CampaignId
from campaigns.model.message import MessageStatus as S
from campaigns.orchestrator.allowances import LOOK_AGAIN, Allowances
from campaigns.sender import Rules, Sender
from campaigns.store import SqlStore

LANE = Lane(campaign_id=CampaignId("c_1"), channel=Channel.LINE, epoch=1)


class Plan:
    """A provider's plan that counts what it took."""

    def __init__(self, limit: int | None, used: int = 0) -> None:
        self.month: Allowance | None = Allowance(channel=Channel.LINE, limit=limit, used=used)
        self.asked = 0

    def ask(self) -> Allowance | None:
        self.asked += 1
        return self.month


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def house(store: SqlStore) -> SqlStore:
    plant(store, [message(n, Channel.LINE) for n in range(10)])
    with store.begin() as tx:
        for n in range(10):
            m = message(n, Channel.LINE)
            tx.consents.consent(_follows(m.address))
    return store


def _follows(address: str) -> Consent:
    return Consent(
        channel=Channel.LINE, address=address, source="follow", evidence="followed", at=NOON
    )


def sent(store: SqlStore, clock: HandClock, months: Allowances) -> ToldCarrier:
    carrier = ToldCarrier(Channel.LINE)

    async def prepare(lane: Lane) -> None:
        months.of(lane.channel)

    rules = Rules(window=None, default_zone="Asia/Bangkok")
    sender = Sender(store, {Channel.LINE: carrier}, clock, rules, room=months, prepare=prepare)
    asyncio.run(sender.send(LANE))
    return carrier


def test_no_more_leave_than_the_month_has_left_and_the_rest_says_why(
    house: SqlStore, clock: HandClock
) -> None:
    plan = Plan(limit=500, used=494)
    months = Allowances(clock, {Channel.LINE: plan.ask})
    assert len(sent(house, clock, months).left) == 6
    with house.read() as tx:
        waiting = [m for m in tx.messages.all(CampaignId("c_1")) if m.status is S.QUEUED]
    assert {m.reason for m in waiting} == {"the 500 messages of line's plan this month are used up"}
    assert len(waiting) == 4


def test_a_larger_plan_lets_the_rest_leave(house: SqlStore, clock: HandClock) -> None:
    plan = Plan(limit=6)
    months = Allowances(clock, {Channel.LINE: plan.ask})
    sent(house, clock, months)
    plan.month = Allowance(channel=Channel.LINE, limit=100, used=6)
    clock.forward(minutes=15)
    assert len(sent(house, clock, months).left) == 4


def test_a_plan_without_a_limit_and_one_that_cannot_be_asked_hold_nothing(
    house: SqlStore, clock: HandClock
) -> None:
    plan = Plan(limit=None)
    months = Allowances(clock, {Channel.LINE: plan.ask})
    assert len(sent(house, clock, months).left) == 10
    silent = Allowances(clock, {Channel.LINE: lambda: None})
    assert silent.of(Channel.LINE) is None


def test_it_is_asked_again_in_time_and_before_every_batch_once_little_is_left() -> None:
    clock, plan = HandClock(), Plan(limit=10_000)
    months = Allowances(clock, {Channel.LINE: plan.ask})
    for _ in range(3):
        months.refresh()
        clock.forward(minutes=1)
    assert plan.asked == 1
    clock.at += LOOK_AGAIN
    assert plan.month is not None
    plan.month = replace(plan.month, used=9_900)
    months.refresh()
    assert plan.asked == 2
    clock.forward(seconds=10)
    months.refresh()
    assert plan.asked == 3
    assert months.of(Channel.EMAIL) is None


def test_who_asks_while_it_is_being_asked_gets_the_same_answer() -> None:
    plan, asking, answer = Plan(limit=10), threading.Event(), threading.Event()

    def slowly() -> Allowance | None:
        asking.set()
        assert answer.wait(10)
        return plan.ask()

    months = Allowances(HandClock(), {Channel.LINE: slowly})
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(months.of, Channel.LINE)
        assert asking.wait(10)
        second = pool.submit(months.of, Channel.LINE)
        answer.set()
        assert first.result(10) == second.result(10) == plan.month
    assert plan.asked == 1


@pytest.mark.parametrize(
    ("used", "ahead", "wanted", "short"),
    [(0, 0, 10, 0), (95, 0, 10, 5), (95, 4, 10, 9), (100, 9, 10, 10)],
)
def test_what_is_ahead_takes_its_part_of_the_month_first(
    used: int, ahead: int, wanted: int, short: int
) -> None:
    month = Allowance(channel=Channel.LINE, limit=100, used=used)
    assert month.short(wanted, ahead) == short
    assert replace(month, limit=None).short(wanted, ahead) == 0
