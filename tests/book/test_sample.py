"""The sample book is what newcomers meet: enough customers, reach, near-misses and languages."""

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from campaigns.book import load
from campaigns.model.customer import Channel, Customer, Role
from campaigns.model.money import Money
from campaigns.model.record import Book, RecordKind, Severity

PATH = Path(__file__).parents[2] / "backend" / "venue_data.md"


@pytest.fixture(scope="module")
def book() -> Book:
    return load(PATH)


@pytest.fixture(scope="module")
def hiltons(book: Book) -> list[Customer]:
    return [c for c in book.customers if c.brand_group and c.brand_group.value == "Hilton"]


def reachable(customer: Customer, channel: Channel | None = None) -> bool:
    channels = {a.channel for c in customer.contacts for a in c.addresses}
    return bool(channels) if channel is None else channel in channels


def test_the_spec_s_hilton_pattaya_is_there_exactly(book: Book) -> None:
    hilton = book.customers[0]
    assert (hilton.id, hilton.name, hilton.business_type) == (
        "hilton-pattaya",
        "Hilton Pattaya",
        "Hotel",
    )
    assert (hilton.zone_count, hilton.zone_names) == (4, ("Edge", "Drift Bar", "Horizon", "Shore"))
    assert hilton.platform == "Soundtrack Your Brand"
    assert hilton.price_per_zone == Money(Decimal(12_000), "THB")
    assert hilton.value == Money(Decimal(48_000), "THB")
    assert (hilton.contract_start, hilton.contract_end) == (date(2024, 11, 1), date(2025, 10, 31))
    roles = {c.role: c for c in hilton.contacts}
    assert set(roles) == {Role.GENERAL_MANAGER, Role.PURCHASING, Role.FOOD_BEVERAGE}
    manager = roles[Role.GENERAL_MANAGER]
    assert manager.greeting == "Rudolf"
    address = manager.address(Channel.WHATSAPP)
    assert address is not None
    assert (address.value, address.written) == ("+66856644142", "+66 85 664 4142")
    assert all(c.address(Channel.EMAIL) for c in hilton.contacts)


def test_there_are_enough_customers_of_many_kinds_and_countries(book: Book) -> None:
    customers = book.customers
    assert len(customers) >= 180
    assert len({c.country.value for c in customers if c.country}) >= 35
    assert {c.region.value for c in customers if c.region} == {
        "Asia Pacific", "Europe", "Americas", "Middle East", "Africa",
    }  # fmt: skip
    assert len({c.business_type for c in customers if c.business_type}) >= 15
    assert len({c.brand_group.value for c in customers if c.brand_group}) >= 15
    types = Counter(c.business_type for c in customers)
    assert min(types[t] for t in ("Beach Club", "Restaurant", "Coffee Shop", "Shopping Mall")) >= 4


def test_about_a_third_can_be_reached_on_each_of_three_channels(book: Book) -> None:
    customers = book.customers
    assert 0.30 <= sum(map(reachable, customers)) / len(customers) <= 0.45
    assert sum(reachable(c, Channel.EMAIL) for c in customers) >= 55
    assert sum(reachable(c, Channel.WHATSAPP) for c in customers) >= 20
    assert sum(reachable(c, Channel.LINE) for c in customers) >= 10


def test_a_third_has_a_price_in_several_currencies(book: Book) -> None:
    priced = [c.price_per_zone for c in book.customers if c.price_per_zone]
    assert 0.25 <= len(priced) / len(book.customers) <= 0.45
    assert len({price.currency for price in priced}) >= 8


def test_hiltons_end_in_october_and_some_are_near_misses(hiltons: list[Customer]) -> None:
    october = [c for c in hiltons if c.contract_end and c.contract_end.isoformat()[:7] == "2025-10"]
    assert len(october) >= 6
    assert {c.brand.value for c in october if c.brand} >= {
        "Hilton Hotels & Resorts", "DoubleTree by Hilton", "Conrad", "Hilton Garden Inn",
    }  # fmt: skip
    assert 4 <= sum(map(reachable, october)) < len(october)
    assert sum(c.contract_end is None for c in hiltons) >= 2


def test_every_size_is_there_and_contracts_end_all_year(book: Book) -> None:
    assert len({c.size for c in book.customers}) == 4
    ends = Counter(c.contract_end.isoformat()[:7] for c in book.customers if c.contract_end)
    assert len([month for month in ends if month >= "2025-09"]) >= 10
    assert any(c.contract_end and c.contract_end < date(2025, 9, 15) for c in book.customers)


def test_thai_and_english_names_are_there(book: Book) -> None:
    thai = [c for c in book.customers if any("\u0e00" <= letter <= "\u0e7f" for letter in c.name)]
    assert len(thai) >= 4
    assert any(reachable(c, Channel.LINE) for c in thai)
    greetings = {k.greeting for c in book.customers for k in c.contacts}
    assert any(g and g.startswith("คุณ") for g in greetings)


def test_every_kind_of_record_is_there(book: Book) -> None:
    # All but the one that only a person's mark makes.
    assert {r.kind for r in book.records} == set(RecordKind) - {RecordKind.NOT_A_CUSTOMER}


def test_all_email_is_under_example_and_no_address_is_broken(book: Book) -> None:
    emails = [
        a.value
        for r in book.records
        for c in r.customer.contacts
        for a in c.addresses
        if a.channel is Channel.EMAIL
    ]
    assert emails
    assert all(value.endswith(".example") for value in emails)
    refused = {"email-invalid", "phone-invalid", "phone-landline", "line-id-invalid"}
    assert not [d for r in book.records for d in r.diagnostics if d.code in refused]


def test_errors_are_few_and_on_purpose(book: Book) -> None:
    errors = {d.code for r in book.records for d in r.diagnostics if d.severity is Severity.ERROR}
    assert errors == {"contract-reversed", "date-ambiguous"}
