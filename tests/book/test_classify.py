"""Customers are told from headings, remarks and former names; none is lost, none is added."""

import pytest
from tests.book.books import book_of, contact, customer_of, entry, record_of

from campaigns.model.record import RecordKind

CUSTOMER = RecordKind.CUSTOMER


def kind(name: str, **values: str) -> RecordKind:
    return record_of(name, **values).kind


@pytest.mark.parametrize(
    "name",
    [
        "Vietnam",
        "INDONESIA",
        "Saudi",
        "(Japan)",
        "Viet Nam",
        "ประเทศไทย",
        "South Korea",
        "Europe",
        "APAC",
    ],
)
def test_a_country_or_region_is_a_heading(name: str) -> None:
    assert kind(name) is RecordKind.PLACE_HEADING


def test_a_country_with_a_contact_is_still_a_heading_and_said() -> None:
    record = book_of(entry("Vietnam", contacts=contact(email="ann@lotus.example"))).records[0]
    assert record.kind is RecordKind.PLACE_HEADING
    assert record.customer.contacts
    assert "heading-with-contact" in {d.code for d in record.diagnostics}


@pytest.mark.parametrize("name", ["Centara", "Accor Group", "Minor Hotels", "IHG", "Novotel"])
def test_a_group_without_a_business_is_a_heading(name: str) -> None:
    assert kind(name) is RecordKind.GROUP_HEADING


def test_a_region_s_name_with_a_contract_is_a_customer() -> None:
    assert kind("Gulf", contract_end="2025-10-31", zone_names="Lobby") is CUSTOMER


@pytest.mark.parametrize("name", ["Centara", "Rixos"])
def test_a_group_name_with_a_contract_is_a_customer(name: str) -> None:
    assert kind(name, contract_end="2025-10-31", zone_names="Lobby") is CUSTOMER


def test_a_bare_name_that_begins_a_whole_chain_is_its_heading() -> None:
    chain = [entry(f"Copper Moon {place}", zone_names="Lobby") for place in ("East", "West", "Bay")]
    assert book_of("Copper Moon\n", *chain).records[0].kind is RecordKind.GROUP_HEADING
    assert book_of("Copper Moon\n", *chain[:2]).records[0].kind is CUSTOMER


@pytest.mark.parametrize(
    "name",
    [
        "renewal pending",
        "cancelled??",
        "to be confirmed",
        "testing",
        "ok",
        "Double entry please check and remove",
        "will be replaced",
        "renewed until March 2026",
        "convert to SYB on August 1st",
        "Lotus House (do not use)",
        "Email",
        "ยกเลิก",
    ],
)
def test_a_remark_about_a_status_is_no_customer(name: str) -> None:
    assert kind(name) is RecordKind.STATUS_NOTE


@pytest.mark.parametrize("name", ["?", "???", "-", "—", "...", "N/A"])
def test_a_heading_without_a_name_is_no_customer(name: str) -> None:
    assert kind(name) is RecordKind.STATUS_NOTE


@pytest.mark.parametrize(
    "name",
    [
        "The Open House",
        "Pending Arts Cafe",
        "OK Corral Steakhouse",
        "Lost & Found Bar",
        "Closed Kitchen",
        "The Waiting Room Lounge",
        "Test Kitchen Bangkok",
        "Hotel Indonesia Kempinski Jakarta",
        "Vietnam House Restaurant",
        "The Former Ministry Hotel",
        "Expired Bar",
        "Accor Stadium Grill",
        "&Bar",
        "(The) Deck",
        "1919",
        "ครัวยกเลิก",
    ],
)
def test_a_business_whose_name_only_resembles_one_is_kept(name: str) -> None:
    assert kind(name) is CUSTOMER


@pytest.mark.parametrize("name", ["No 9", "Not Yet", "Yes", "Double Double", "The Demo", "OK"])
def test_a_name_of_weak_status_words_is_kept_when_a_business_stands_below(name: str) -> None:
    assert kind(name, zone_names="Bar", contract_end="2026-01-01") is CUSTOMER


@pytest.mark.parametrize(
    "name",
    [
        "Formerly Lotus House",
        "Fomerly Lotus House",
        "Formerly: Lotus House",
        "(formerly Lotus House)",
        "; formerly Lotus House",
        "AKA; Lotus House",
        "(AKA Lotus House)",
        "a.k.a. Lotus House",
        "เดิมชื่อ บ้านบัว",
    ],
)
def test_a_former_name_belongs_to_the_customer_above(name: str) -> None:
    record = book_of(
        entry("Heron House", zone_names="Lobby"), entry(name, zone_names="Pool")
    ).records[1]
    assert record.kind is RecordKind.FORMER_NAME
    assert record.refers_to == "Heron House"
    assert record.customer.zone_names == ("Pool",)


@pytest.mark.parametrize(
    "name", ["Akaroa Lodge", "Wasabi House", "Exotic Garden", "Previouslys", "Formerlyn"]
)
def test_a_name_that_begins_alike_is_a_customer(name: str) -> None:
    assert kind(name) is CUSTOMER


def test_an_exact_copy_is_set_aside_and_names_its_original() -> None:
    one = entry("Heron House", zone_names="Lobby", contract_end="2025-10-31")
    book = book_of(one, entry("Other"), one)
    assert [r.kind for r in book.records] == [CUSTOMER, CUSTOMER, RecordKind.DUPLICATE]
    assert book.records[2].refers_to == "Heron House"
    assert len(book.customers) == 2


def test_the_same_name_with_another_content_is_another_customer() -> None:
    book = book_of(
        entry("Heron House", zone_names="Lobby"), entry("Heron House", zone_names="Pool")
    )
    assert [r.kind for r in book.records] == [CUSTOMER, CUSTOMER]
    assert "name-repeated" in {d.code for d in book.records[1].diagnostics}


def test_every_kind_but_customer_says_why() -> None:
    book = book_of("Vietnam\n", "ok\n", "Centara\n", "Formerly X House\n", "Heron House\n")
    assert [bool(r.why) for r in book.records] == [True, True, True, True, False]


def test_a_name_is_shown_clean() -> None:
    assert customer_of("Crab &amp; Claw  \u00ad House").name == "Crab & Claw House"
