"""A plan's audience as one query: the rule of `flow.audience.judge`, run by the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
)

from campaigns.flow.audience import BLANK_IS_ANOTHER, PARENT, Miss, out_words, parse_code
from campaigns.model.audience import LeftOut, NearMiss
from campaigns.model.customer import Customer
from campaigns.model.ids import CustomerId
from campaigns.model.plan import Attribute, DateRange, IntRange, Plan, referred
from campaigns.store.entry_rows import customer_at
from campaigns.store.tables import customers

NEAR_MISSES_SHOWN = 100

_COLUMNS = {
    Attribute.BRAND: (customers.c.brand_group, customers.c.brand),
    Attribute.REGION: (customers.c.region,),
    Attribute.COUNTRY: (customers.c.country,),
    Attribute.CITY: (customers.c.city,),
    Attribute.BUSINESS_TYPE: (customers.c.business_type,),
    Attribute.PLATFORM: (customers.c.platform,),
    Attribute.SIZE: (customers.c.size,),
    Attribute.CUSTOMER: (customers.c.name, customers.c.id),
    Attribute.CONTRACT_END: (customers.c.contract_end,),
    Attribute.ZONES: (customers.c.zone_count,),
}

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Resolved:
    """What the query gives: the customers inside, counts of those outside, and the near-misses."""

    inside: Sequence[Customer]
    left_out: Sequence[LeftOut]
    near_misses: Sequence[NearMiss]


def resolve(
    connection: Connection, plan: Plan, added: Collection[CustomerId] = frozenset()
) -> Resolved:
    """Run a clear plan against the customers; those `added` are inside, whatever it says."""
    judged = _judged(plan, added).cte("judged")
    counts = connection.execute(
        select(judged.c.reason, func.count())
        .where(judged.c.reason.is_not(None))
        .group_by(judged.c.reason)
        .order_by(func.count().desc(), judged.c.reason)
    )
    left_out = [LeftOut(out_words(parse_code(code), plan), n) for code, n in counts]
    near = connection.execute(
        select(judged.c.id, judged.c.name, judged.c.reason)
        .where(judged.c.missed == 1, judged.c.reason.like("%?"))
        .order_by(judged.c.position)
        .limit(NEAR_MISSES_SHOWN)
    )
    near_misses = [
        NearMiss(CustomerId(i), name, out_words(parse_code(code), plan)) for i, name, code in near
    ]
    inside = connection.execute(
        select(customers.c.record, customers.c.line)
        .join(judged, judged.c.id == customers.c.id)
        .where(judged.c.reason.is_(None))
        .order_by(customers.c.position)
    )
    return Resolved([customer_at(r.record, r.line) for r in inside], left_out, near_misses)


def count(connection: Connection, plan: Plan, samples: int) -> tuple[int, Sequence[Customer]]:
    """Return how many customers a clear plan reaches, and the first of them, without reading all.

    The same rule as `resolve`, written so that the indexes of the table answer it.
    """
    inside = _inside(plan, is_asked=True)
    total = connection.scalar(select(func.count()).select_from(customers).where(inside)) or 0
    last = connection.scalar(select(func.max(customers.c.position))) or 0
    # Few are found by their index and sorted; many by walking the book until there are enough.
    # The last one's position says how long the walk is; counting all would be a walk of its own.
    if total * total > samples * last:
        inside = _inside(plan, is_asked=False)
    rows = connection.execute(
        select(customers.c.record, customers.c.line)
        .where(inside)
        .order_by(customers.c.position)
        .limit(samples)
    )
    return total, [customer_at(r.record, r.line) for r in rows]


def _inside(plan: Plan, *, is_asked: bool) -> Condition:
    """Return the condition of being in the audience; `is_asked` as in `_tests`."""
    asked = {a: rules for a in Attribute if (rules := getattr(plan.filters, a.value))}
    brands = asked.pop(Attribute.BRAND, ())
    rest = [or_(*_tests(a, rules, is_asked=is_asked)) for a, rules in asked.items()]
    rest += [~missed for _, missed in _exclusion_branches(plan)]
    if not brands:
        return and_(true(), *rest)
    # A brand is a group's or a flag's name: written out for each, so that an index serves each.
    tests = _tests(Attribute.BRAND, brands, is_asked=is_asked)
    return or_(*(and_(test, *rest) for test in tests))


def _judged(
    plan: Plan, added: Collection[CustomerId]
) -> Select[tuple[str, str, int, str | None, int]]:
    """Select id, name, position, the code of the first rule missed and how many are missed."""
    branches = [*_filter_branches(plan), *_exclusion_branches(plan)]
    if added:
        others = customers.c.id.not_in(added)
        branches = [(miss, and_(others, missed)) for miss, missed in branches]
    reason: ColumnElement[str | None] = (
        case(*[(missed, literal(miss.code)) for miss, missed in branches], else_=None)
        if branches
        else literal(None)
    )
    # A rule is missed by one of its two branches at most, so the sum counts rules.
    missed = sum((case((m, 1), else_=0) for _, m in branches), literal(0))
    return select(
        customers.c.id,
        customers.c.name,
        customers.c.position,
        reason.label("reason"),
        missed.label("missed"),
    )


def _filter_branches(plan: Plan) -> list[tuple[Miss, Condition]]:
    branches = []
    for a in Attribute:
        rules = getattr(plan.filters, a.value)
        if rules:
            missed = ~_matches(a, rules)
            if a not in BLANK_IS_ANOTHER:
                branches.append((Miss(a, blank=True), _blank(a)))
                missed = and_(~_blank(a), missed)
            branches.append((Miss(a), missed))
    return branches


def _exclusion_branches(plan: Plan) -> list[tuple[Miss, Condition]]:
    branches = []
    for a in Attribute:
        rules = getattr(plan.exclude, a.value)
        if rules:
            branches.append((Miss(a, excluded=True), _matches(a, rules)))
            if a not in BLANK_IS_ANOTHER:
                branches.append((Miss(a, excluded=True, blank=True), _could_match(a, rules)))
    return branches


def _blank(attribute: Attribute) -> Condition:
    return and_(*(c.is_(None) for c in _COLUMNS[attribute]))


def _matches(attribute: Attribute, rules: Sequence[object]) -> Condition:
    """Return whether a customer meets a rule; a blank column is False, never NULL."""
    return or_(*_tests(attribute, rules, is_asked=False))


def _tests(attribute: Attribute, rules: Sequence[object], *, is_asked: bool) -> Sequence[Condition]:
    """Return the tests of which one must hold.

    A blank column is False, never NULL. As the condition of a query (`is_asked`), where NULL is
    as good, columns stand alone, so that an index serves.
    """
    columns = _COLUMNS[attribute]
    tests: list[Condition] = []
    for rule in rules:
        match rule:
            case DateRange(first=low, last=high) | IntRange(min=low, max=high):
                column = columns[0] if is_asked else func.coalesce(columns[0], null())
                bounds: list[Condition] = [column.is_not(None)]
                bounds += [column >= low] if low is not None else []
                bounds += [column <= high] if high is not None else []
                tests.append(and_(*bounds))
            case _:
                same = [c == value for c, value in _compared(attribute, columns, str(rule))]
                tests.extend(same if is_asked else (func.coalesce(t, false()) for t in same))
    return tests


def _compared(
    attribute: Attribute, columns: Sequence[ColumnElement[Any]], rule: str
) -> Sequence[tuple[ColumnElement[Any], str]]:
    """Return the columns that may hold what a rule names, each with the value it must have."""
    exactly = referred(rule) if attribute is Attribute.CUSTOMER else None
    return [(customers.c.id, exactly)] if exactly else [(c, rule) for c in columns]


def _could_match(attribute: Attribute, rules: Sequence[object]) -> Condition:
    """Return whether a blank column might hide an excluded value, judging by the place around."""
    parent = PARENT.get(attribute)
    if parent is None:
        return _blank(attribute)
    around = _COLUMNS[parent][0]
    other = customers.alias()
    homes = select(other.c[around.key]).where(
        other.c[_COLUMNS[attribute][0].key].in_([str(r) for r in rules]),
        other.c[around.key].is_not(None),
    )
    return and_(_blank(attribute), or_(around.is_(None), around.in_(homes)))
