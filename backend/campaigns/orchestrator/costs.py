"""What a model costs: a forecast before a campaign is written, and what was spent since."""

from collections.abc import Sequence
from typing import Protocol

from campaigns.model.ids import CampaignId
from campaigns.model.spending import Forecast, Tokens
from campaigns.model.text import Cohort
from campaigns.orchestrator.purse import Balance, Purse


class Asks(Protocol):
    """A writer that can say what a text would take."""

    def most(self, cohort: Cohort, context: str | None) -> Tokens | None:
        """Return the most tokens a text can use, None when it was written before."""
        ...


class Costs:
    """Forecasts and balances. `engine` is the name results of the model carry."""

    def __init__(self, purse: Purse, engine: str, writer: Asks) -> None:
        self._purse = purse
        self._writer = writer
        self.engine = engine

    def forecast(
        self, cohorts: Sequence[Cohort], context: str | None, campaign_id: CampaignId | None = None
    ) -> Forecast:
        """Return the most that writing these cohorts' texts would cost."""
        wanted = [self._writer.most(cohort, context) for cohort in cohorts]
        tokens = sum((t for t in wanted if t is not None), Tokens())
        price = self._purse.tariff.price
        cost = price.of(tokens)
        balance = self._purse.balance(campaign_id)
        return Forecast(
            engine=self.engine,
            texts=len(cohorts),
            kept=sum(t is None for t in wanted),
            tokens=tokens,
            cost=cost,
            price=price,
            refusal=balance.refusal(cost),
        )

    def balance(self, campaign_id: CampaignId | None = None) -> Balance:
        """Return what was spent this month and, of it or before, by one campaign."""
        return self._purse.balance(campaign_id)
