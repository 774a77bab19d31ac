"""The purse on every database: budgets hold for all threads, and nothing spent is forgotten."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from tests.support.sending import HandClock

from campaigns.bootstrap.system import SystemIds
from campaigns.model.errors import BudgetSpent
from campaigns.model.ids import CampaignId
from campaigns.model.spending import Budget, Job, Price, Tokens
from campaigns.orchestrator.purse import Purse, Tariff
from campaigns.store import SqlStore

PRICE = Price(input=Decimal(1_000), output=Decimal(1_000))  # a tenth of a cent a token
CAMPAIGN = CampaignId("c_1")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def purse(store: SqlStore, clock: HandClock, month: str = "10", campaign: str = "1") -> Purse:
    budget = Budget(per_campaign=Decimal(campaign), per_month=Decimal(month))
    tariff = Tariff(model="gpt-4o", price=PRICE, budget=budget)
    return Purse(store, clock, SystemIds(), tariff, threading.Lock())


def test_what_a_call_used_replaces_what_was_set_aside(store: SqlStore, clock: HandClock) -> None:
    own = purse(store, clock)
    call = own.reserve(Job.COMPOSE, CAMPAIGN, Tokens(300, 200))
    assert own.balance(CAMPAIGN).campaign.cost == Decimal("0.5")
    own.settle(call, Tokens(100, 20), "ok")
    balance = own.balance(CAMPAIGN)
    assert balance.month.cost == balance.campaign.cost == Decimal("0.12")
    assert balance.campaign.tokens == Tokens(100, 20)
    assert balance.campaign.by_job == {Job.COMPOSE: 1}
    assert balance.month.unknown == 0


def test_a_call_whose_end_nobody_knows_stays_spent_in_full(
    store: SqlStore, clock: HandClock
) -> None:
    own = purse(store, clock)
    own.settle(own.reserve(Job.READ, CAMPAIGN, Tokens(100, 0)), None, "no answer")
    own.reserve(Job.READ, CAMPAIGN, Tokens(100, 0))  # a crash: never settled
    balance = own.balance(CAMPAIGN)
    assert balance.month.cost == Decimal("0.2")
    assert balance.month.unknown == 2


def test_a_budget_is_reached_before_it_is_crossed(store: SqlStore, clock: HandClock) -> None:
    own = purse(store, clock)
    own.reserve(Job.COMPOSE, CAMPAIGN, Tokens(900, 0))
    with pytest.raises(BudgetSpent, match="CAMPAIGNS_AI_PER_CAMPAIGN"):
        own.reserve(Job.COMPOSE, CAMPAIGN, Tokens(101, 0))
    own.reserve(Job.COMPOSE, CAMPAIGN, Tokens(100, 0))
    own.reserve(Job.COMPOSE, CampaignId("c_2"), Tokens(1_000, 0))


def test_eight_threads_and_two_purses_do_not_cross_it_together(
    store: SqlStore, clock: HandClock
) -> None:
    purses = [purse(store, clock, campaign="0.5") for _ in range(2)]

    def spend(n: int) -> bool:
        try:
            purses[n % 2].reserve(Job.COMPOSE, CAMPAIGN, Tokens(10, 0))
        except BudgetSpent:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        granted = sum(pool.map(spend, range(80)))
    assert granted == 50
    assert purses[0].balance(CAMPAIGN).campaign.cost == Decimal("0.5")


def test_a_new_month_begins_with_a_full_purse(store: SqlStore, clock: HandClock) -> None:
    clock.at = datetime(2025, 9, 30, 16, 0, tzinfo=UTC)
    own = purse(store, clock, month="1", campaign="9")
    own.reserve(Job.READ, None, Tokens(1_000, 0))
    with pytest.raises(BudgetSpent, match="CAMPAIGNS_AI_PER_MONTH"):
        own.reserve(Job.READ, None, Tokens(1, 0))
    clock.at = datetime(2025, 10, 1, 16, 0, tzinfo=UTC)
    own.reserve(Job.READ, None, Tokens(1_000, 0))
