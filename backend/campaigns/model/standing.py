"""How much a customer matters: by a mark in the book, or by what they pay a year."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from campaigns.model.customer import Customer

# The least a high-value customer pays a year, by ISO 4217 code; empty where nobody set any.
# Amounts are never converted: a rate would decide who is looked after.
Thresholds = Mapping[str, Decimal]

_UNMARKED = "the book does not mark it, and no threshold is set"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether a customer is high-value, and why; `high` is None where it cannot be told."""

    high: bool | None
    why: str

    @property
    def said(self) -> str:
        """`high` in a word or two."""
        if self.high is None:
            return "not marked" if self.why == _UNMARKED else "unknown"
        return "yes" if self.high else "no"


def high_value(customer: Customer, thresholds: Thresholds) -> str | None:
    """Return why a customer is a high-value one, None where it is not known to be."""
    found = standing(customer, thresholds)
    return found.why if found.high else None


def standing(customer: Customer, thresholds: Thresholds) -> Standing:
    """Return a customer's standing: what the book says, else what they pay against `thresholds`.

    A customer without a known price, or in a currency without a threshold, is unknown by worth.

    >>> from campaigns.model.ids import CustomerId
    >>> standing(Customer(id=CustomerId("a"), name="A", line=7), {"THB": Decimal(200_000)})
    Standing(high=None, why='the yearly worth is not on record')
    """
    if customer.key_account is not None:
        said = "a key account" if customer.key_account else "no key account"
        why = f"line {customer.line_of('key_account')} of the book says {said}"
        return Standing(high=customer.key_account, why=why)
    if not thresholds:
        return Standing(high=None, why=_UNMARKED)
    if customer.value is None:
        return Standing(high=None, why="the yearly worth is not on record")
    amount, currency = customer.value.amount, customer.value.currency
    if currency not in thresholds:
        return Standing(high=None, why=f"no threshold is set for {currency}")
    least = thresholds[currency]
    high = amount >= least
    compared = "at least" if high else "less than"
    return Standing(
        high=high, why=f"{currency} {amount:,} a year, {compared} the threshold of {least:,}"
    )
