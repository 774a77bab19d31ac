"""Who is in an audience, who is not and why, and which contacts are written to.

`judge` is the rule in plain code; the store runs the same rule as one query, and a property
test holds the two together.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from campaigns.flow.audience.contacts import Blocked, choose_contacts
from campaigns.model.audience import Audience, ChosenContact, LeftOut, Member, NearMiss, Toggle
from campaigns.model.customer import Channel, Customer
from campaigns.model.plan import Attribute, DateRange, Filters, IntRange, Plan, referred

# The parents of a place, by (attribute, value): the countries of a city, the regions of a country.
Parents = Mapping[tuple[Attribute, str], frozenset[str]]

PARENT = {Attribute.CITY: Attribute.COUNTRY, Attribute.COUNTRY: Attribute.REGION}

# A blank brand is an independent house: "except Hilton" keeps it, and for "Hiltons" it is no
# near-miss. Any other blank could hide the value asked for, so it is shown as a near-miss.
BLANK_IS_ANOTHER = frozenset({Attribute.BRAND})

WORDS = {
    Attribute.BRAND: "brand",
    Attribute.REGION: "region",
    Attribute.COUNTRY: "country",
    Attribute.CITY: "city",
    Attribute.BUSINESS_TYPE: "Business Type",
    Attribute.PLATFORM: "Music Platform",
    Attribute.SIZE: "Zone Count",
    Attribute.CUSTOMER: "name",
    Attribute.CONTRACT_END: "Contract End",
    Attribute.ZONES: "Zone Count",
}


@dataclass(frozen=True, slots=True)
class Miss:
    """Why a customer is out: the attribute, whether by exclusion, whether because it is blank."""

    attribute: Attribute
    excluded: bool = False
    blank: bool = False

    @property
    def code(self) -> str:
        """The stable code the store's query gives: "brand", "-city", "contract_end?"."""
        return f"{'-' if self.excluded else ''}{self.attribute.value}{'?' if self.blank else ''}"


def parse_code(code: str) -> Miss:
    """Return the `Miss` a code stands for."""
    return Miss(
        Attribute(code.strip("-?")), excluded=code.startswith("-"), blank=code.endswith("?")
    )


def judge(customer: Customer, plan: Plan, parents: Parents) -> tuple[Miss, ...]:
    """Return every rule of the plan the customer misses, in the order of `Attribute`.

    Empty means included. A customer that misses exactly one rule, because the field is blank,
    is a near-miss.
    """
    missed = [
        Miss(a, blank=a not in BLANK_IS_ANOTHER and not _values(customer, a))
        for a in Attribute
        if (rules := getattr(plan.filters, a.value)) and not _matches(customer, a, rules)
    ]
    for a in Attribute:
        rules = getattr(plan.exclude, a.value)
        if not rules:
            continue
        if _matches(customer, a, rules):
            missed.append(Miss(a, excluded=True))
        elif a not in BLANK_IS_ANOTHER and _could_match(customer, a, rules, parents):
            missed.append(Miss(a, excluded=True, blank=True))
    return tuple(missed)


def _values(customer: Customer, attribute: Attribute) -> tuple[object, ...]:
    match attribute:
        case Attribute.BRAND:
            known = (customer.brand_group, customer.brand)
            return tuple(k.value for k in known if k)
        case Attribute.REGION | Attribute.COUNTRY | Attribute.CITY:
            place = getattr(customer, attribute.value)
            return (place.value,) if place else ()
        case Attribute.CUSTOMER:
            return (customer.name, customer.id)
        case Attribute.ZONES:
            return (customer.zone_count,) if customer.zone_count is not None else ()
        case _:
            value = getattr(customer, attribute.value)
            return (value,) if value is not None else ()


def _matches(customer: Customer, attribute: Attribute, rules: Collection[object]) -> bool:
    if attribute is Attribute.CUSTOMER:
        return any(_is_called(customer, str(rule)) for rule in rules)
    values = _values(customer, attribute)
    return any(_meets(value, rule) for value in values for rule in rules)


def _is_called(customer: Customer, rule: str) -> bool:
    exactly = referred(rule)
    return customer.id == exactly if exactly else rule in (customer.name, customer.id)


def _meets(value: object, rule: object) -> bool:
    match rule, value:
        case DateRange(), date():
            return rule.contains(value)
        case IntRange(), int():
            return rule.contains(value)
        case _:
            return value == rule


def _could_match(
    customer: Customer, attribute: Attribute, rules: Collection[object], parents: Parents
) -> bool:
    """Whether a blank field might hide an excluded value, judging by the place around it."""
    if _values(customer, attribute):
        return False
    parent = PARENT.get(attribute)
    around = _values(customer, parent) if parent else ()
    if not around:
        return True
    return any(around[0] in parents.get((attribute, str(r)), frozenset()) for r in rules)


def out_words(miss: Miss, plan: Plan) -> str:
    """Return the reason a person reads: "brand is not Hilton", "no Contract End recorded"."""
    field = WORDS[miss.attribute]
    if miss.excluded:
        what = _any_of(getattr(plan.exclude, miss.attribute.value))
        return f"{field} unknown, could be {what}" if miss.blank else f"excluded: {field} {what}"
    if miss.blank:
        return f"no {field} recorded"
    rules = getattr(plan.filters, miss.attribute.value)
    return f"{field} is not {_any_of(rules)}"


def _any_of(rules: Iterable[object]) -> str:
    return " or ".join(_rule_words(r) for r in rules)


def _rule_words(rule: object) -> str:
    match rule:
        case DateRange(first=None, last=last):
            return f"by {last}"
        case DateRange(first=first, last=None):
            return f"from {first}"
        case DateRange(first=first, last=last):
            return f"{first} to {last}"
        case IntRange(min=low, max=None):
            return f"{low} or more"
        case IntRange(min=None, max=high):
            return f"at most {high}"
        case IntRange(min=low, max=high):
            return f"{low} to {high}"
        case _:
            return str(rule)


def member(customer: Customer, contacts: tuple[ChosenContact, ...], plan: Plan) -> Member:
    """Return the customer as a member of the audience."""
    reachable = any(c.chosen and c.channels for c in contacts)
    return Member(
        customer_id=customer.id,
        name=customer.name,
        brand=customer.brand.value if customer.brand else None,
        brand_group=customer.brand_group.value if customer.brand_group else None,
        city=customer.city.value if customer.city else None,
        country=customer.country.value if customer.country else None,
        zones=customer.zone_count,
        contract_end=customer.contract_end,
        contacts=contacts,
        why=_why_in(customer, plan),
        unreachable=None if reachable else _why_unreachable(contacts, plan),
    )


def _why_in(customer: Customer, plan: Plan) -> tuple[str, ...]:
    """Return, for each rule of the plan, what of the customer's record meets it."""
    return tuple(
        f"{WORDS[a]}: {', '.join(str(v) for v in dict.fromkeys(_shown(customer, a)))}"
        for a in Attribute
        if getattr(plan.filters, a.value)
    )


def _shown(customer: Customer, attribute: Attribute) -> tuple[object, ...]:
    values = _values(customer, attribute)
    return values[:1] if attribute is Attribute.CUSTOMER else values  # a name, without the id


def _why_unreachable(contacts: Sequence[ChosenContact], plan: Plan) -> str:
    if not contacts:
        return "no contact with an address"
    chosen = [c for c in contacts if c.chosen]
    if not chosen:
        return "every contact was left out by hand"
    stops = [reason for c in chosen for _, reason in c.blocked]
    if stops:
        return stops[0]
    asked = ", ".join(plan.channels)
    return f"no address on {asked}"


def audience(
    customers: Sequence[Customer],
    plan: Plan,
    blocked: Blocked,
    toggles: Sequence[Toggle],
    left_out: Sequence[LeftOut],
    near_misses: Sequence[NearMiss],
) -> Audience:
    """Put the audience together from the customers that meet every rule of the plan.

    A customer left out by a toggle is counted among the excluded under the toggle's reason, so
    that included and excluded still add up to all customers.
    """
    out = {t.customer_id: t.why for t in toggles if t.contact_id is None and not t.include}
    inside = [c for c in customers if c.id not in out]
    toggled = _counts(out[c.id] for c in customers if c.id in out)
    members = tuple(
        member(c, choose_contacts(c, plan, blocked, toggles), plan)
        for c in sorted(inside, key=_soonest_end)
    )
    whole = Audience(
        customers=0,
        zones=0,
        excluded=(*left_out, *(LeftOut(why, n) for why, n in toggled.items())),
        near_misses=tuple(near_misses),
    )
    return with_members(whole, members, inside)


def with_members(
    whole: Audience, members: Sequence[Member], customers: Iterable[Customer]
) -> Audience:
    """Return an audience with these members and the totals over them; `customers` are the same."""
    unreachable = [m.unreachable for m in members if m.unreachable]
    value, unpriced = worth(customers)
    return replace(
        whole,
        customers=len(members),
        zones=sum(m.zones or 0 for m in members),
        reachable={ch: sum(ch in m.channels for m in members) for ch in Channel},
        unreachable=len(unreachable),
        by_brand=_counts(m.brand_group for m in members),
        by_country=_counts(m.country for m in members),
        value=value,
        unpriced=unpriced,
        unreachable_why=tuple(LeftOut(why, n) for why, n in _counts(unreachable).items()),
        members=tuple(members),
    )


def _soonest_end(customer: Customer) -> tuple[bool, str, str]:
    end = customer.contract_end
    return (end is None, end.isoformat() if end else "", customer.name)


def _counts(values: Iterable[str | None]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value or "unknown"] = counts.get(value or "unknown", 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def worth(customers: Iterable[Customer]) -> tuple[dict[str, Decimal], int]:
    """Return what customers pay a year by currency, and how many have no price on record."""
    totals: dict[str, Decimal] = {}
    unpriced = 0
    for customer in customers:
        if customer.value is None:
            unpriced += 1
        else:
            known = totals.get(customer.value.currency, Decimal(0))
            totals[customer.value.currency] = known + customer.value.amount
    return totals, unpriced


def narrowest(filters: Filters) -> tuple[tuple[Attribute, Filters], ...]:
    """Return the filters with each attribute dropped in turn: "remove Country to get 3"."""
    values = {a.value: getattr(filters, a.value) for a in Attribute}
    return tuple((a, Filters(**(values | {a.value: ()}))) for a in Attribute if values[a.value])
