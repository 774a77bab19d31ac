"""A plan as chips: what was understood, what was assumed, and what each chip can be changed to."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from campaigns.flow.plan import wording
from campaigns.model.plan import Attribute, DateRange, Filters, IntRange, Plan
from campaigns.web import words

# In the order a person thinks of them.
ORDER = (
    Attribute.CUSTOMER,
    Attribute.BRAND,
    Attribute.BUSINESS_TYPE,
    Attribute.COUNTRY,
    Attribute.CITY,
    Attribute.REGION,
    Attribute.SIZE,
    Attribute.ZONES,
    Attribute.PLATFORM,
    Attribute.CONTRACT_END,
)
LABELS: Mapping[Attribute, str] = wording.ATTRIBUTE_NAMES
_QUARTER = "“this quarter” read as"
_QUOTED = re.compile(r"[“\"]([^”\"]+)[”\"]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One thing that was understood.

    `editor` is the id of the editor it opens. `attribute` and `excluded` say what "Remove"
    removes; a chip without an attribute cannot be removed. `assumption` is why it is only
    assumed, `note` something beside the value.
    """

    label: str
    value: str
    editor: str
    attribute: str = ""
    excluded: bool = False
    assumption: str = ""
    note: str = ""
    lang: str = ""

    @property
    def name(self) -> str:
        """What a screen reader says: the chip's whole meaning."""
        whole = f"Edit {self.label}: {self.value}"
        return f"{whole}. Assumption: {self.assumption}" if self.assumption else whole


def chips(plan: Plan, languages: Mapping[str, int]) -> list[Chip]:
    """Return a plan's chips; `languages` counts its messages by language."""
    loose = list(plan.assumptions)
    made = [
        Chip(
            label="Campaign",
            value=words.TYPES[plan.type] if plan.type else "Which kind?",
            editor="edit-type",
            assumption="" if plan.type else "say what it is for",
        )
    ]
    if plan.everyone:
        made.append(Chip(label="Customers", value="everybody", editor="edit-everyone"))
    made += _filters(plan.filters, plan, loose, excluded=False)
    made += _filters(plan.exclude, plan, loose, excluded=True)
    if plan.occasion:
        occasion = plan.occasion.replace("_", " ").capitalize()
        made.append(Chip(label="Occasion", value=occasion, editor="edit-type"))
    if not plan.filters.contract_end:
        made += [
            Chip(
                label="Contract ends",
                value="any day",
                editor="edit-contract_end",
                assumption="no time was named",
            )
            for a in loose
            if a == "any expiry date"
        ]
        loose = [a for a in loose if a != "any expiry date"]
    made.append(_channels(plan))
    made.append(_language(plan, languages))
    made += [Chip(label="Assumed", value=a, editor="edit-request", assumption=a) for a in loose]
    return made


def _filters(filters: Filters, plan: Plan, loose: list[str], *, excluded: bool) -> Iterator[Chip]:
    for attribute in ORDER:
        values = getattr(filters, attribute.value)
        if not values:
            continue
        assumption = _assumption(LABELS[attribute], plan, loose)
        if assumption in loose:
            loose.remove(assumption)
        yield Chip(
            label=f"Not {LABELS[attribute].lower()}" if excluded else LABELS[attribute],
            value=values_in_words(values),
            editor=f"edit-{'not-' if excluded else ''}{attribute.value}",
            attribute=attribute.value,
            excluded=excluded,
            assumption=assumption,
        )


def _assumption(label: str, plan: Plan, loose: Sequence[str]) -> str:
    """Return the assumption behind a chip: the one that quotes words understood as it."""
    mine = [u.words for u in plan.understood if u.meaning.startswith(label)]
    for assumption in loose:
        quoted = _QUOTED.findall(assumption)
        if any(q.lower() in m.lower() for q in quoted for m in mine):
            return assumption
    # The rule of the quarter is told in English, whatever language it was said in.
    mine_too = label == LABELS[Attribute.CONTRACT_END]
    return next((a for a in loose if mine_too and a.startswith(_QUARTER)), "")


def values_in_words(values: Sequence[object]) -> str:
    """Return the values of one rule as people say them."""
    return " or ".join(_value(v) for v in values)


def _value(value: object) -> str:
    match value:
        case DateRange(first=None, last=last) if last:
            return f"by {words.day(last)}"
        case DateRange(first=first, last=None) if first:
            return f"from {words.day(first)}"
        case DateRange(first=first, last=last) if first and last:
            if first == last:
                return words.day(first)
            same = first.year == last.year
            return f"{first.day} {first:%b}{'' if same else f' {first.year}'} – {words.day(last)}"
        case IntRange():
            return wording.zones(value)
        case _:
            return str(value).capitalize() if str(value).islower() else str(value)


def _channels(plan: Plan) -> Chip:
    if plan.channels:
        value, note = ", ".join(words.CHANNELS[c] for c in plan.channels), ""
    else:
        value, note = "Each contact’s best", ""
    return Chip(label="Channels", value=value, editor="edit-channels", note=note)


def _language(plan: Plan, languages: Mapping[str, int]) -> Chip:
    counted = ", ".join(f"{n:,} {code.upper()}" for code, n in sorted(languages.items()))
    value = words.language(plan.language) if plan.language else "Customer’s own"
    return Chip(label="Language", value=value, editor="edit-language", note=counted)


LONGEST_NAME = 70


def name_for(plan: Plan, request: str) -> str:
    """Return a short name for a campaign: what it is, and for whom.

    A plan that is not clear yet goes by the words of its request.
    """
    if plan.type is None or not plan.is_clear:
        return _cut(" ".join(request.split()))
    occasion = plan.occasion.replace("_", " ").capitalize() if plan.occasion else ""
    kind = f"{occasion} offer" if occasion else words.TYPES[plan.type]
    whom = [
        values_in_words(getattr(plan.filters, a.value))
        for a in ORDER
        if getattr(plan.filters, a.value)
    ]
    return _cut(f"{kind}: {', '.join(whom[:3])}" if whom else f"{kind}: all customers")


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"
