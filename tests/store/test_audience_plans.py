"""Every filter of an audience is one query that an index answers."""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import event
from tests.support.databases import postgres_store, postgres_url

from campaigns.model.customer import Size
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
from campaigns.store import SqlStore
from campaigns.store.database import sqlite_engine

OCTOBER = DateRange(date(2025, 10, 1), date(2025, 10, 31))
RULES: dict[Attribute, tuple[object, ...]] = {
    Attribute.BRAND: ("Hilton",),
    Attribute.REGION: ("Asia Pacific",),
    Attribute.COUNTRY: ("Thailand", "Vietnam"),
    Attribute.CITY: ("Bangkok",),
    Attribute.BUSINESS_TYPE: ("Hotel",),
    Attribute.PLATFORM: ("Beat Breeze",),
    Attribute.SIZE: (Size.ENTERPRISE,),
    Attribute.CUSTOMER: ("Heron House", reference("Heron House", CustomerId("heron-house-2"))),
    Attribute.CONTRACT_END: (OCTOBER,),
    Attribute.ZONES: (IntRange(4, 10),),
}


@pytest.fixture(scope="module")
def store() -> Iterator[SqlStore]:
    made = SqlStore(sqlite_engine(None))
    made.create()
    yield made
    made.engine.dispose()


def counted(store: SqlStore, filters: Filters) -> list[list[str]]:
    """Count an audience; return how SQLite answers each statement that asks for customers."""
    asked: list[tuple[str, object]] = []

    def note(
        _connection: object, _cursor: object, statement: str, parameters: object, *_: object
    ) -> None:
        if "FROM customers" in statement:
            asked.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        with store.read() as tx:
            plan = Plan(type=CampaignType.RENEWAL, filters=filters, everyone=not filters)
            tx.customers.look(plan, 20)
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
    with store.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        return [
            [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]  # type: ignore[arg-type]
            for statement, parameters in asked
        ]


@pytest.mark.parametrize("attribute", list(Attribute))
def test_a_filter_is_counted_by_searching_an_index(store: SqlStore, attribute: Attribute) -> None:
    filters = Filters(**{attribute.value: RULES[attribute]})  # type: ignore[arg-type]
    count, *rest = counted(store, filters)
    assert len(rest) == 2  # how many there are at all, and the samples
    tables = [step for step in count if "customers" in step]
    assert tables
    assert all(step.startswith("SEARCH customers USING") for step in tables), count
    assert all("INDEX" in step or "PRIMARY KEY" in step for step in tables), count


def test_two_filters_are_one_search_of_a_common_index(store: SqlStore) -> None:
    count, *_ = counted(store, Filters(brand=("Hilton",), contract_end=(OCTOBER,)))
    assert any("customers_group (brand_group=? AND contract_end>?" in step for step in count)


def test_everybody_is_counted_without_reading_a_customer(store: SqlStore) -> None:
    for steps in counted(store, Filters())[:2]:
        assert all("COVERING INDEX" in step for step in steps), steps


ROWS = """
INSERT INTO customers (id, position, line, name, fingerprint, name_key, brand_group, brand, city,
    country, region, business_type, platform, zone_count, size, contract_end, record, private)
SELECT 'c' || n, n, n, 'Rooms ' || n, '', 'rooms ' || n, 'Group ' || n % 40, 'Flag ' || n % 90,
    'City ' || n % 60, 'Country ' || n % 30, 'Region ' || n % 5, 'Type ' || n % 9,
    'Platform ' || n % 7, n % 20, (ARRAY['boutique', 'medium', 'enterprise'])[1 + n % 3],
    DATE '2025-01-01' + n % 700, json_build_object('text', repeat('x', 1200)), '{}'
FROM generate_series(1, 20000) AS n
"""
POSTGRES: dict[Attribute, tuple[object, ...]] = {
    Attribute.BRAND: ("Group 7",),
    Attribute.REGION: ("Region 3",),
    Attribute.COUNTRY: ("Country 3", "Country 5"),
    Attribute.CITY: ("City 9",),
    Attribute.BUSINESS_TYPE: ("Type 2",),
    Attribute.PLATFORM: ("Platform 4",),
    Attribute.SIZE: (Size.ENTERPRISE,),
    Attribute.CUSTOMER: ("Rooms 17", reference("Rooms 18", CustomerId("c18"))),
    Attribute.CONTRACT_END: (OCTOBER,),
    Attribute.ZONES: (IntRange(4, 10),),
}


@pytest.fixture(scope="module")
def crowd(worker_id: str) -> Iterator[SqlStore]:
    """Twenty thousand customers as large as real ones, as after a book was brought in."""
    with postgres_store(postgres_url(), f"plans_{worker_id}") as made:
        with made.begin() as tx:
            SqlStore.connection_of(tx).exec_driver_sql(ROWS.replace("%", "%%"))
        made.settle()
        yield made


def explained(store: SqlStore, plan: Plan) -> list[str]:
    """Return how PostgreSQL answers each statement of a count that asks for customers."""
    asked: list[tuple[str, Any]] = []

    def note(
        _connection: object, _cursor: object, statement: str, parameters: Any, *_: object
    ) -> None:
        asked.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        with store.read() as tx, suppress(ValidationError):  # the rows hold no real customers
            tx.customers.look(plan, 20)
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
    with store.engine.connect() as connection:
        return [
            "\n".join(
                row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
            )
            for statement, parameters in asked
            if "FROM customers" in statement
        ]


@pytest.mark.parametrize("attribute", list(Attribute))
def test_postgresql_answers_every_filter_from_an_index(
    crowd: SqlStore, attribute: Attribute
) -> None:
    filters = Filters(**{attribute.value: POSTGRES[attribute]})  # type: ignore[arg-type]
    plans = explained(crowd, Plan(type=CampaignType.RENEWAL, filters=filters))
    assert len(plans) == 3  # how many, how long the walk is, and the samples
    assert not [plan for plan in plans if "Seq Scan" in plan], plans
    if attribute not in (Attribute.BRAND, Attribute.CUSTOMER):  # two columns: two indexes
        assert "Index Only Scan" in plans[0], plans[0]


def test_postgresql_counts_everybody_without_reading_a_customer(crowd: SqlStore) -> None:
    plans = explained(crowd, Plan(type=CampaignType.RENEWAL, everyone=True))
    assert "Index Only Scan" in plans[0], plans[0]
    assert not [plan for plan in plans if "Seq Scan" in plan], plans
