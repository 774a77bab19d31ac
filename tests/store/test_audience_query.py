"""The audience query and the rule in plain code agree on every book and every plan."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.flow.audience import PARENT, judge, out_words
from campaigns.model.customer import Customer, Known, Size, Source
from campaigns.model.ids import CustomerId
from campaigns.model.plan import (
    Attribute,
    CampaignType,
    DateRange,
    Filters,
    IntRange,
    Plan,
    reference,
)
from campaigns.model.record import Private, Read, Record, RecordKind
from campaigns.store import SqlStore
from campaigns.store.audience import resolve
from campaigns.store.database import sqlite_engine

BRANDS = (None, ("Hilton", "Conrad"), ("Hilton", "Hilton Hotels & Resorts"), ("Accor", "ibis"))
PLACES = (
    (None, None, None),
    (None, None, "Asia Pacific"),
    (None, "Thailand", "Asia Pacific"),
    ("Bangkok", "Thailand", "Asia Pacific"),
    ("Tokyo", "Japan", "Asia Pacific"),
    ("Paris", "France", "Europe"),
)
START = date(2025, 9, 1)


def known(value: str | None) -> Known[str] | None:
    return Known(value=value, source=Source.RULE) if value else None


@st.composite
def books(draw: st.DrawFn) -> list[Customer]:
    size = draw(st.integers(0, 12))
    made = []
    for i in range(size):
        brand = draw(st.sampled_from(BRANDS)) or (None, None)
        city, country, region = draw(st.sampled_from(PLACES))
        days = draw(st.none() | st.integers(0, 90))
        made.append(
            Customer(
                id=CustomerId(f"c{i}"),
                name=draw(st.sampled_from(("Alpha", "Beta", f"Gamma {i}"))),
                line=i + 1,
                brand_group=known(brand[0]),
                brand=known(brand[1]),
                city=known(city),
                country=known(country),
                region=known(region),
                business_type=draw(st.none() | st.sampled_from(("Hotel", "Bar"))),
                platform=draw(st.none() | st.sampled_from(("SYB", "Beat Breeze"))),
                zone_count=draw(st.none() | st.integers(0, 14)),
                contract_end=START + timedelta(days=days) if days is not None else None,
            )
        )
    return made


def some(*values: object) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


FILTERS = st.builds(
    Filters,
    brand=some("Hilton", "Conrad", "ibis"),
    region=some("Asia Pacific", "Europe"),
    country=some("Thailand", "France"),
    city=some("Bangkok", "Paris"),
    business_type=some("Hotel", "Bar"),
    platform=some("SYB"),
    size=some(*Size),
    customer=some("Alpha", "Gamma 1", "c2", reference("Alpha", CustomerId("c1"))),
    contract_end=some(
        DateRange(START + timedelta(days=20), START + timedelta(days=50)),
        DateRange(None, START + timedelta(days=10)),
        DateRange(START + timedelta(days=80), None),
    ),
    zones=some(IntRange(4, 10), IntRange(11, None), IntRange(None, 2)),
)


def put(store: SqlStore, customers: list[Customer]) -> None:
    """Make the tables hold exactly these customers."""
    with store.begin() as tx:
        tx.entries.drop([m.id for m in tx.entries.known()])
        tx.entries.put(
            Read(
                Record(
                    kind=RecordKind.CUSTOMER,
                    customer=c,
                    private=Private(),
                    first_line=c.line,
                    last_line=c.line,
                    fingerprint=c.id,
                ),
                at,
                c.id,
            )
            for at, c in enumerate(customers)
        )


@pytest.fixture(scope="module")
def store() -> Iterator[SqlStore]:
    made = SqlStore(sqlite_engine(None))
    made.create()
    yield made
    made.engine.dispose()


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(customers=books(), filters=FILTERS, exclude=FILTERS)
def test_included_plus_excluded_are_all_and_each_as_the_rule_says(
    store: SqlStore, customers: list[Customer], filters: Filters, exclude: Filters
) -> None:
    plan = Plan(type=CampaignType.RENEWAL, filters=filters, exclude=exclude, everyone=True)
    put(store, customers)
    with store.read() as tx:
        found = resolve(tx.connection, plan)
        audience = tx.customers.resolve(plan)
        counted, samples = tx.customers.look(plan, 3)

    assert counted == audience.customers
    assert [c.id for c in samples] == [c.id for c in found.inside][:3]
    homes: dict[tuple[Attribute, str], set[str]] = defaultdict(set)
    for c in customers:
        for attribute, parent in PARENT.items():
            place, around = getattr(c, attribute.value), getattr(c, parent.value)
            if place and around:
                homes[attribute, place.value].add(around.value)
    parents = {key: frozenset(values) for key, values in homes.items()}
    judged = {c.id: judge(c, plan, parents) for c in customers}

    assert [c.id for c in found.inside] == [c.id for c in customers if not judged[c.id]]
    assert len(found.inside) + sum(x.customers for x in found.left_out) == len(customers)
    assert audience.customers + sum(x.customers for x in audience.excluded) == len(customers)
    expected_near = {
        c.id: out_words(judged[c.id][0], plan)
        for c in customers
        if len(judged[c.id]) == 1 and judged[c.id][0].blank
    }
    assert {n.customer_id: n.reason for n in found.near_misses} == expected_near
