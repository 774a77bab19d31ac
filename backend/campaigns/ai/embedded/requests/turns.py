"""This, the last and the next week, month, quarter and year."""

from collections.abc import Callable
from datetime import date

from campaigns.ai.embedded.requests.senses import Grain
from campaigns.flow.plan import period
from campaigns.model.plan import DateRange


def _month_turn(today: date, steps: int) -> DateRange:
    years, month = divmod(today.year * 12 + today.month - 1 + steps, 12)
    return period.month(today, month + 1, years)


def _quarter_turn(today: date, steps: int) -> DateRange:
    years, quarter = divmod(today.year * 4 + period.quarter_of(today) - 1 + steps, 4)
    return period.quarter(today, quarter + 1, years)


def _year_turn(today: date, steps: int) -> DateRange:
    return period.year(today.year + steps)


# Per unit: how long it is, and its days so many units from the one today is in.
CALENDAR_UNITS: dict[str, tuple[Grain, Callable[[date, int], DateRange]]] = {
    "week": (Grain.WEEK, period.week),
    "month": (Grain.MONTH, _month_turn),
    "quarter": (Grain.QUARTER, _quarter_turn),
    "year": (Grain.YEAR, _year_turn),
}
