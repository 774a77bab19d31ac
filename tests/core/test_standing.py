"""Who is a high-value customer: the mark first, then the worth; what is unknown stays unknown."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.model.customer import Customer
from campaigns.model.ids import CustomerId
from campaigns.model.money import Money
from campaigns.model.standing import high_value, standing

LEAST = {"THB": Decimal(200_000), "EUR": Decimal(6_000)}


def customer(price: int | None = None, currency: str = "THB", **more: object) -> Customer:
    paid = None if price is None else Money(Decimal(price), currency)
    settled = {"zone_count": 10, "price_per_zone": paid, "lines": (("key_account", 9),)}
    return Customer(id=CustomerId("a"), name="A", line=7, **{**settled, **more})


@pytest.mark.parametrize(
    ("price", "high"), [(20_000, True), (19_999, False), (90_000, True), (1, False)]
)
def test_the_threshold_itself_is_high_value(price: int, high: bool) -> None:
    assert standing(customer(price), LEAST).high is high


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (customer(), "the yearly worth is not on record"),
        (customer(90_000, zone_count=None), "the yearly worth is not on record"),
        (customer(90_000, "USD"), "no threshold is set for USD"),
    ],
)
def test_what_cannot_be_compared_is_unknown_not_small(who: Customer, why: str) -> None:
    found = standing(who, LEAST)
    assert (found.high, found.why) == (None, why)
    assert high_value(who, LEAST) is None


def test_a_house_without_thresholds_calls_a_customer_not_marked() -> None:
    assert standing(customer(90_000), {}).said == "not marked"
    assert standing(customer(), LEAST).said == "unknown"


@given(st.integers(0, 1_000_000), st.sampled_from([{}, LEAST]))
def test_the_mark_in_the_book_outranks_the_worth(price: int, least: dict[str, Decimal]) -> None:
    assert standing(customer(price, key_account=True), least).high is True
    assert standing(customer(price, key_account=False), least).high is False
    assert "line 9" in standing(customer(price, key_account=True), least).why


def test_without_a_threshold_worth_makes_nobody_high_value() -> None:
    assert standing(customer(9_000_000), {}).high is None
