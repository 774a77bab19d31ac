"""The purse: pays for calls to a model within the budgets, and tells what was spent."""

import threading
from dataclasses import dataclass
from decimal import Decimal

from campaigns.flow.spend import month_start, refusal
from campaigns.model.errors import BudgetSpent
from campaigns.model.ids import CampaignId
from campaigns.model.ports import Clock, Ids, Store
from campaigns.model.spending import Budget, Job, ModelCall, Price, Spending, Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """The model that is paid, what it charges, and how much it may."""

    model: str
    price: Price
    budget: Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What was spent and what may be."""

    tariff: Tariff
    month: Spending
    campaign: Spending | None = None

    def refusal(self, cost: Decimal) -> str | None:
        """Return why `cost` more may not be spent, None when it may."""
        return refusal(
            self.tariff.budget,
            cost,
            month=self.month.cost,
            campaign=self.campaign.cost if self.campaign else None,
        )


class Purse:
    """`model.ports.Purse`: every call is written down before it is made.

    `turn` is held while the database is used: one in memory has one connection for all threads.
    """

    def __init__(
        self, store: Store, clock: Clock, ids: Ids, tariff: Tariff, turn: threading.Lock
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self.tariff = tariff
        self._one = turn

    def reserve(self, job: Job, charge: CampaignId | None, most: Tokens) -> str:
        """Set aside what a call may cost at most; raises BudgetSpent."""
        cost = self.tariff.price.of(most)
        call = ModelCall(
            id=self._ids.new("mc"),
            at=self._clock.now(),
            job=job,
            model=self.tariff.model,
            campaign_id=charge,
        )
        month = month_start(self._clock.local_now())
        with self._one, self._store.begin() as tx:
            tx.model_calls.lock()
            balance = Balance(
                tariff=self.tariff,
                month=tx.model_calls.spending(since=month),
                campaign=tx.model_calls.spending(campaign_id=charge) if charge else None,
            )
            if (reason := balance.refusal(cost)) is not None:
                raise BudgetSpent(reason)
            tx.model_calls.reserve(call, most, cost)
        return call.id

    def settle(self, call: str, tokens: Tokens | None, outcome: str) -> None:
        """Replace what was set aside by what the call used; None leaves all of it spent."""
        with self._one, self._store.begin() as tx:
            if tokens is None:
                tx.model_calls.leave(call, outcome)
            else:
                tx.model_calls.settle(call, tokens, self.tariff.price.of(tokens), outcome)

    def balance(self, campaign_id: CampaignId | None = None) -> Balance:
        """Return what was spent this month and, of it or before, by one campaign."""
        month = month_start(self._clock.local_now())
        with self._one, self._store.read() as tx:
            return Balance(
                tariff=self.tariff,
                month=tx.model_calls.spending(since=month),
                campaign=tx.model_calls.spending(campaign_id=campaign_id) if campaign_id else None,
            )
