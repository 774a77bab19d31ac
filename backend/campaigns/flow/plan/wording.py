"""A plan's rules in plain words, as a person reads them under "understood as"."""

from collections.abc import Iterable
from datetime import date

from campaigns.model.plan import Attribute, CampaignType, DateRange, Filters, IntRange, Plan
from campaigns.model.wording import plural

NAME_CHARS = 80
ASK_TYPE = "What kind of campaign is it?"
ASK_WHO = "Who should get it? Name a brand, a place, a kind of business or a date, or say all."
ANY_EXPIRY = "any expiry date"
TYPE_NAMES = {
    CampaignType.RENEWAL: "Renewal campaign",
    CampaignType.SEASONAL: "Seasonal campaign",
    CampaignType.ANNOUNCEMENT: "Announcement",
    CampaignType.FOLLOW_UP: "Follow-up",
    CampaignType.SURVEY: "Survey",
}
ATTRIBUTE_NAMES = {
    Attribute.BRAND: "Brand",
    Attribute.REGION: "Region",
    Attribute.COUNTRY: "Country",
    Attribute.CITY: "City",
    Attribute.BUSINESS_TYPE: "Business type",
    Attribute.PLATFORM: "Platform",
    Attribute.SIZE: "Size",
    Attribute.CUSTOMER: "Customer",
    Attribute.CONTRACT_END: "Contract ends",
    Attribute.ZONES: "Zones",
}


def days(span: DateRange) -> str:
    """Return a range of days in words, as short as they stay clear.

    >>> days(DateRange(date(2025, 10, 1), date(2025, 10, 31)))
    '1–31 October 2025'
    >>> days(DateRange(date(2025, 9, 15), date(2025, 12, 14)))
    '15 September – 14 December 2025'
    >>> days(DateRange(None, date(2025, 9, 14)))
    'up to 14 September 2025'
    """
    if span.first is None:
        return "any day" if span.last is None else f"up to {_day(span.last)}"
    if span.last is None:
        return f"from {_day(span.first)} on"
    return _closed(span.first, span.last)


def _closed(first: date, last: date) -> str:
    if first == last:
        return _day(first)
    if first.year != last.year:
        return f"{_day(first)} – {_day(last)}"
    if first.month != last.month:
        return f"{first.day} {first:%B} – {_day(last)}"
    return f"{first.day}–{_day(last)}"


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def zones(span: IntRange) -> str:
    """Return a range of zone counts in words.

    >>> zones(IntRange(11, None)), zones(IntRange(3, 3)), zones(IntRange(None, 1))
    ('11 or more zones', '3 zones', 'at most 1 zone')
    """
    if span.max is None:
        return "any number of zones" if span.min is None else f"{span.min} or more zones"
    if span.min is None:
        return f"at most {plural(span.max, 'zone')}"
    return plural(span.max, "zone") if span.min == span.max else f"{span.min}–{span.max} zones"


def rule(attribute: Attribute, values: Iterable[object]) -> str:
    """Return one rule in words: "Contract ends 1–31 October 2025", "Brand Hilton or Marriott"."""
    shown = " or ".join(_value(v) for v in values)
    return shown if attribute is Attribute.ZONES else f"{ATTRIBUTE_NAMES[attribute]} {shown}"


def _value(value: object) -> str:
    if isinstance(value, DateRange):
        return days(value)
    return zones(value) if isinstance(value, IntRange) else str(value)


def rules(filters: Filters) -> list[str]:
    """Return every rule of `filters` in words, in the order of the attributes."""
    return [rule(a, values) for a in Attribute if (values := getattr(filters, a.value))]


def title(plan: Plan, request: str | None) -> str:
    """Return a campaign's name: its request's words, else what it sends and to whom."""
    if request:
        words = " ".join(request.split())
        return words if len(words) <= NAME_CHARS else words[: NAME_CHARS - 1] + "…"
    kind = plan.type.value.replace("_", " ").capitalize() if plan.type else "Campaign"
    whom = (
        ", ".join((*plan.filters.brand, *plan.filters.country, *plan.filters.city)) or "customers"
    )
    return f"{kind}: {whom}"[:NAME_CHARS]
