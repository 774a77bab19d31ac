"""What differs between two plans, line by line, as a person reads it."""

from collections.abc import Iterator

from campaigns.flow.plan import wording
from campaigns.model.plan import Attribute, Filters, Plan


def difference(before: Plan, after: Plan) -> tuple[str, ...]:
    """Return what `after` adds ("+ Brand Marriott"), takes away ("− …") and changes ("… → …")."""
    return (
        *_rules(before.filters, after.filters, ""),
        *_rules(before.exclude, after.exclude, "leave out "),
        *_plain(before, after),
    )


def _rules(before: Filters, after: Filters, lead: str) -> Iterator[str]:
    for attribute in Attribute:
        old, new = getattr(before, attribute.value), getattr(after, attribute.value)
        yield from (f"− {lead}{wording.rule(attribute, [v])}" for v in old if v not in new)
        yield from (f"+ {lead}{wording.rule(attribute, [v])}" for v in new if v not in old)


def _plain(before: Plan, after: Plan) -> Iterator[str]:
    shown = {
        "Kind": [wording.TYPE_NAMES[p.type] if p.type else "unknown" for p in (before, after)],
        "All customers": ["yes" if p.everyone else "no" for p in (before, after)],
        "Channels": [", ".join(p.channels) or "each contact's best" for p in (before, after)],
        "Language": [p.language or "each customer's own" for p in (before, after)],
        "Tone": [p.tone or "each brand's own" for p in (before, after)],
        "Send at": [f"{p.send_at:%Y-%m-%d %H:%M}" if p.send_at else "now" for p in (before, after)],
        "Topic": [p.context or "none" for p in (before, after)],
        "Occasion": [p.occasion or "none" for p in (before, after)],
    }
    yield from (f"{name}: {old} → {new}" for name, (old, new) in shown.items() if old != new)
