"""Every filter of an audience is one query that an index answers."""

import sqlite3
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import event

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
