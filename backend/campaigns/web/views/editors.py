"""The editors behind a plan's chips: one an attribute, filled with what the plan says now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from campaigns.model.customer import Size
from campaigns.model.plan import Attribute, DateRange, Filters, IntRange, Plan
from campaigns.model.vocabulary import Term, Vocabulary
from campaigns.web import words
from campaigns.web.views.chips import LABELS, ORDER

MOST_KNOWN = 400  # values offered while typing

NAMED = frozenset(
    {
        Attribute.BRAND,
        Attribute.REGION,
        Attribute.COUNTRY,
        Attribute.CITY,
        Attribute.BUSINESS_TYPE,
        Attribute.PLATFORM,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """One form: what it changes, its kind of input, and what it holds now.

    `options` are (value, label, ticked). `known` is the id of the list of values to offer,
    None when nothing more can be typed.
    """

    id: str
    attribute: str
    label: str
    excluded: bool
    kind: str
    options: Sequence[tuple[str, str, bool]] = ()
    known: str | None = None
    first: str = ""
    last: str = ""


def editors(plan: Plan) -> list[Editor]:
    """Return an editor for every attribute, and for every exclusion there is."""
    made = [_editor(a, plan.filters, excluded=False) for a in ORDER]
    made += [_editor(a, plan.exclude, excluded=True) for a in ORDER if getattr(plan.exclude, a)]
    return made


def known_values(vocabulary: Vocabulary) -> Mapping[str, Sequence[Term]]:
    """Return the values customers have, most used first, for attributes that are typed."""
    return {
        a.value: [t for t in vocabulary.of(a) if t.customers][:MOST_KNOWN]
        for a in ORDER
        if a in NAMED
    }


def _editor(attribute: Attribute, filters: Filters, *, excluded: bool) -> Editor:
    name = LABELS[attribute]
    values = getattr(filters, attribute.value)
    kind, first, last = _kind(attribute, values)
    return Editor(
        id=f"edit-{'not-' if excluded else ''}{attribute.value}",
        attribute=attribute.value,
        label=f"Not {name.lower()}" if excluded else name,
        excluded=excluded,
        kind=kind,
        options=list(_options(attribute, values)),
        known=attribute.value if attribute in NAMED or attribute is Attribute.CUSTOMER else None,
        first=first,
        last=last,
    )


def _kind(attribute: Attribute, values: Sequence[object]) -> tuple[str, str, str]:
    match attribute, next(iter(values), None):
        case Attribute.CONTRACT_END, DateRange(first=first, last=last):
            return "dates", first.isoformat() if first else "", last.isoformat() if last else ""
        case Attribute.ZONES, IntRange(min=low, max=high):
            return "numbers", "" if low is None else str(low), "" if high is None else str(high)
        case Attribute.CONTRACT_END, _:
            return "dates", "", ""
        case Attribute.ZONES, _:
            return "numbers", "", ""
        case _:
            return "values", "", ""


def _options(attribute: Attribute, values: Sequence[object]) -> Iterator[tuple[str, str, bool]]:
    if attribute is Attribute.SIZE:
        for size in Size:
            yield size.value, words.SIZES[size], size in values
    elif attribute in NAMED or attribute is Attribute.CUSTOMER:
        for value in values:
            yield str(value), str(value), True
