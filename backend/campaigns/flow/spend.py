"""Whether a model may still be paid: budgets are a hard stop, reached before they are crossed."""

from datetime import datetime
from decimal import Decimal

from campaigns.model.spending import Budget


def refusal(
    budget: Budget, wanted: Decimal, *, month: Decimal, campaign: Decimal | None
) -> str | None:
    """Return why `wanted` more dollars may not be spent, None when they may.

    `month` and `campaign` are what was spent so far, calls under way counted in full; `campaign`
    is None for a call that belongs to no campaign.
    """
    if campaign is not None and campaign + wanted > budget.per_campaign:
        return _told("this campaign", budget.per_campaign, campaign, "CAMPAIGNS_AI_PER_CAMPAIGN")
    if month + wanted > budget.per_month:
        return _told("this month", budget.per_month, month, "CAMPAIGNS_AI_PER_MONTH")
    return None


def month_start(now: datetime) -> datetime:
    """Return when the month of `now` began, in the time zone `now` is in."""
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _told(of: str, limit: Decimal, spent: Decimal, setting: str) -> str:
    return (
        f"the model's budget for {of} is used up: ${spent:.2f} of ${limit:.2f} "
        f"are spent or reserved ({setting})"
    )
