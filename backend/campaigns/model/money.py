"""Money: an exact amount and its currency, never one without the other."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in a currency.

    `amount` is exact (never a float); `currency` an ISO 4217 code in capitals ("THB").
    """

    amount: Decimal
    currency: str

    def times(self, count: int) -> "Money":
        """Return `count` of this amount: a price per zone into a total."""
        return Money(self.amount * count, self.currency)
