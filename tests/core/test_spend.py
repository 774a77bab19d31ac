"""Budgets are a hard stop, reached before they are crossed."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.flow.spend import month_start, refusal
from campaigns.model.spending import Budget, Price, Tokens

BUDGET = Budget(per_campaign=Decimal(2), per_month=Decimal(50))
dollars = st.decimals(min_value=0, max_value=100, places=6)


@given(wanted=dollars, month=dollars, campaign=st.none() | dollars)
def test_what_is_allowed_never_crosses_a_budget(wanted, month, campaign):
    if refusal(BUDGET, wanted, month=month, campaign=campaign) is None:
        assert month + wanted <= BUDGET.per_month
        assert (campaign or 0) + wanted <= BUDGET.per_campaign or campaign is None


@pytest.mark.parametrize(
    ("spent", "named"),
    [
        ({"month": Decimal(10), "campaign": Decimal("1.99")}, "CAMPAIGNS_AI_PER_CAMPAIGN"),
        ({"month": Decimal("49.99"), "campaign": Decimal(0)}, "CAMPAIGNS_AI_PER_MONTH"),
    ],
)
def test_a_refusal_names_the_budget_what_is_spent_and_the_setting(spent, named):
    told = refusal(BUDGET, Decimal("0.02"), **spent)
    assert told is not None
    assert named in told


def test_a_call_of_no_campaign_is_held_to_the_month_only():
    assert refusal(BUDGET, Decimal(3), month=Decimal(0), campaign=None) is None


def test_the_month_begins_at_midnight_where_the_house_is():
    now = datetime(2025, 9, 1, 3, tzinfo=ZoneInfo("Asia/Bangkok"))
    assert month_start(now).isoformat() == "2025-09-01T00:00:00+07:00"


def test_a_price_is_for_a_million_tokens():
    price = Price(input=Decimal("2.50"), output=Decimal(10))
    assert price.of(Tokens(1_000_000, 100_000)) == Decimal("3.50")
