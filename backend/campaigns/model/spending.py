"""What a language model is asked for and what that costs: jobs, tokens, prices, budgets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from campaigns.model.ids import CampaignId

CURRENCY = "USD"  # model providers charge in dollars, whatever the house counts in
_MILLION = Decimal(1_000_000)


class Job(StrEnum):
    """What a model is asked to do."""

    PROBE = "probe"
    INTERPRET = "interpret"
    FOLLOW_UP = "follow_up"
    COMPOSE = "compose"
    REWRITE = "rewrite"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The units models are paid by: what they read and what they wrote."""

    input: int = 0
    output: int = 0

    def __add__(self, other: "Tokens") -> "Tokens":
        """Return both together."""
        return Tokens(self.input + other.input, self.output + other.output)

    def times(self, count: int) -> "Tokens":
        """Return `count` of these."""
        return Tokens(self.input * count, self.output * count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Dollars for a million tokens read and a million written.

    `basis` says in words where the price is from; it is shown wherever a cost is.
    """

    input: Decimal
    output: Decimal
    basis: str = ""

    def of(self, tokens: Tokens) -> Decimal:
        """Return what `tokens` cost, in dollars."""
        return (tokens.input * self.input + tokens.output * self.output) / _MILLION


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Dollars that may be spent on a model for one campaign, and in one month of the house."""

    per_campaign: Decimal
    per_month: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """One call to a model; `campaign_id` is the campaign that pays, None when it belongs to none."""

    id: str
    at: datetime
    job: Job
    model: str
    campaign_id: CampaignId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What was spent.

    `cost` is in dollars. `unknown` counts calls whose outcome never came back: each is in
    `cost` with all that it could have cost.
    """

    calls: int = 0
    tokens: Tokens = field(default_factory=Tokens)
    cost: Decimal = Decimal(0)
    unknown: int = 0
    by_job: Mapping[Job, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What composing a campaign would cost before it is done.

    `texts` are the texts to write, `kept` those of them written before and paid for. `tokens`
    and `cost` are the most it can be for the rest. `refusal` says which budget it would not
    fit into, None when it fits.
    """

    engine: str
    texts: int
    kept: int
    tokens: Tokens
    cost: Decimal
    price: Price
    refusal: str | None
