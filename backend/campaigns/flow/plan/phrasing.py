"""A plan said as a request, in words that the reader of requests reads back as the same plan."""

from collections.abc import Iterator

from campaigns.model.plan import (
    Attribute,
    CampaignType,
    DateRange,
    Filters,
    IntRange,
    Plan,
)

_LEADS = {
    CampaignType.RENEWAL: "Renewal",
    CampaignType.SEASONAL: "Seasonal campaign",
    CampaignType.ANNOUNCEMENT: "Announcement",
    CampaignType.FOLLOW_UP: "Follow-up",
    CampaignType.SURVEY: "Survey",
}
_LANGUAGES = {"en": "in English", "th": "in Thai"}
_NAMED = (
    Attribute.CUSTOMER,
    Attribute.BRAND,
    Attribute.BUSINESS_TYPE,
    Attribute.SIZE,
    Attribute.CITY,
    Attribute.COUNTRY,
    Attribute.REGION,
)


def phrase(plan: Plan) -> str:
    """Return `plan` as a request in English: "Renewal to Hilton, Thailand, except Phuket".

    Whoever offers it to a person reads it back first: names of customers can be words that mean
    something else beside others.
    """
    who = [*_rules(plan.filters)] or (["all customers"] if plan.everyone else [])
    parts = [", ".join(who)]
    if plan.channels:
        parts.append("by " + " and ".join(c.value for c in plan.channels))
    if plan.language in _LANGUAGES:
        parts.append(_LANGUAGES[plan.language])
    if plan.tone:
        parts.append(plan.tone.value)
    if out := [*_rules(plan.exclude)]:
        parts.append("except " + ", ".join(out))
    lead = _LEADS[plan.type] if plan.type else "Campaign"
    if plan.occasion:
        lead += f" for {plan.occasion.replace('_', ' ')}"
    topic = f": {plan.context}" if plan.context and not plan.occasion else ""
    return f"{lead} to {', '.join(p for p in parts if p)}{topic}"


def _rules(filters: Filters) -> Iterator[str]:
    for attribute in _NAMED:
        if values := getattr(filters, attribute.value):
            yield " or ".join(str(v) for v in values)
    if filters.platform:
        yield "on " + " or ".join(filters.platform)
    if filters.zones:
        yield " or ".join(_zones(span) for span in filters.zones)
    if filters.contract_end:
        yield "expiring " + " or ".join(_days(span) for span in filters.contract_end)


def _zones(span: IntRange) -> str:
    if span.max is None:
        return f"at least {span.min} zones"
    if span.min is None:
        return f"at most {span.max} zones"
    return f"{span.min} zones" if span.min == span.max else f"{span.min} to {span.max} zones"


def _days(span: DateRange) -> str:
    if span.first is None:
        return f"before {span.last:%Y-%m-%d}"
    if span.last is None:
        return f"from {span.first:%Y-%m-%d}"
    return f"{span.first:%Y-%m-%d} to {span.last:%Y-%m-%d}"
