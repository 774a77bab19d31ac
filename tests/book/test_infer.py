"""Brand and place from the name: ambiguous is unknown, and the book's own lines win."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.book.books import customer_of, record_of

from campaigns.book.infer import read_name
from campaigns.model.customer import Known, Source


def value(known: Known[str] | None) -> str | None:
    return known.value if known else None


def brand(name: str, **values: str) -> tuple[str | None, str | None]:
    customer = customer_of(name, **values)
    return value(customer.brand_group), value(customer.brand)


def place(name: str, **values: str) -> tuple[str | None, str | None]:
    customer = customer_of(name, **values)
    return value(customer.city), value(customer.country)


@pytest.mark.parametrize(
    ("name", "group", "flag"),
    [
        ("Hilton Pattaya", "Hilton", "Hilton Hotels & Resorts"),
        ("DoubleTree by Hilton Cusco", "Hilton", "DoubleTree by Hilton"),
        ("Double Tree Resort Penang", "Hilton", "DoubleTree by Hilton"),
        ("Conrad Koh Samui", "Hilton", "Conrad"),
        ("Tru by Hilton Macon", "Hilton", "Tru by Hilton"),
        ("Novotel Nice Centre", "Accor", "Novotel"),
        ("ibis Styles Bali Legian", "Accor", "ibis Styles"),
        ("Ibis Bali Legian", "Accor", "ibis"),
        ("Swissotel Nankai Osaka", "Accor", "Swissôtel"),
        ("MÖVENPICK Resort Karon", "Accor", "Mövenpick"),
        ("Courtyard by Marriott Bangkok", "Marriott", "Courtyard by Marriott"),
        ("Courtyard Seminyak Bali", "Marriott", "Courtyard by Marriott"),
        ("W Doha", "Marriott", "W Hotels"),
        ("Sheraton Grande Sukhumvit, a Luxury Collection Hotel", "Marriott", "Sheraton"),
        ("Centara Grand Krabi", "Centara", "Centara Grand"),
        ("Centra by Centara Hua Hin", "Centara", "Centra by Centara"),
        ("COSI City Centre Lyon", "Centara", "COSI"),
        ("Dusit Thani Manila", "Dusit", "Dusit Thani"),
        ("dusitD2 Nairobi", "Dusit", "dusitD2"),
        ("Six Senses Yao Noi", "IHG", "Six Senses"),
        ("MeliÃ Ho Tram", "Meliá", "Meliá"),
        ("Somerset Ekamai Bangkok", "Ascott", "Somerset"),
        ("Angsana Lang Co", "Banyan", "Angsana"),
        ("NH Collection Madrid", "Minor", "NH Collection"),
        ("โรงแรมฮิลตันพัทยา", "Hilton", "Hilton Hotels & Resorts"),
        ("ดุสิตธานี หัวหิน", "Dusit", "Dusit Thani"),
        ("Heron Palace (AKA Heron Hilton)", "Hilton", "Hilton Hotels & Resorts"),
    ],
)
def test_brands_are_told_from_their_words(name: str, group: str, flag: str) -> None:
    assert brand(name, business_type="Hotel") == (group, flag)


@pytest.mark.parametrize(
    "name",
    [
        "Market Place Dusit",
        "Hiltonia Bakery",
        "Hilton Head Diner",
        "The Regent Cha Am",
        "Raffles Place Dental",
        "Conradine Guesthouse",
        "Element of Taste",
        "Courtyard Garden Cafe",
        "Sol y Sombra",
        "Indigo Sky Bar",
        "The Edition Bookshop Cafe",
        "Regent Street Tailors",
        "Somerset Maugham Tea Room",
        "Lotus House (formerly Hilton)",
        "Hard Rock Cafe",
        "Pullmantur Office",
    ],
)
def test_words_that_only_resemble_a_brand_are_no_brand(name: str) -> None:
    assert brand(name) == (None, None)


def test_words_of_two_groups_decide_nothing_and_that_is_said() -> None:
    record = record_of("Novotel Marriott Hanoi")
    assert record.customer.brand_group is None
    assert "brand-ambiguous" in {d.code for d in record.diagnostics}


@pytest.mark.parametrize(
    ("name", "city", "country"),
    [
        ("Hilton Pattaya", "Pattaya", "Thailand"),
        ("Heron Hotel Chiangmai", "Chiang Mai", "Thailand"),
        ("Novotel Nice Centre", "Nice", "France"),
        ("Cafe Colombo Putrajaya", "Putrajaya", "Malaysia"),
        ("Little Lisbon Tavern Bangkok", "Bangkok", "Thailand"),
        ("Paris Las Vegas Hotel", "Las Vegas", "United States"),
        ("Volt Fitness | Pattaya Klang", "Pattaya", "Thailand"),
        ("Heron Hotel Georgia Tbilisi", "Tbilisi", "Georgia"),
        ("Sheraton Portland Maine", "Portland, Maine", "United States"),
        ("Bangkok General Hospital", "Bangkok", "Thailand"),
        ("Radisson Blu Resort Maldives", None, "Maldives"),
        ("Banyan Tree Lăng Cô", "Lang Co", "Vietnam"),
        ("ร้านบัว เชียงใหม่", "Chiang Mai", "Thailand"),
        ("โรงแรมฮิลตันพัทยา", "Pattaya", "Thailand"),
        ("Sukhumvit 11 Residence Hotel", "Bangkok", "Thailand"),
        ("Heron Bar Ho Chi Minh City", "Ho Chi Minh City", "Vietnam"),
        ("Ember Saigon", "Ho Chi Minh City", "Vietnam"),
        ("ร้านอาหารญี่ปุ่น พัทยา", "Pattaya", "Thailand"),
        ("Bar Ex Machina Bangkok", "Bangkok", "Thailand"),
        ("Taste of India Bangkok", "Bangkok", "Thailand"),
        ("Shangri-La's Coral Resort Nadi", "Nadi", "Fiji"),
    ],
)
def test_places_are_told_from_the_name(name: str, city: str | None, country: str) -> None:
    assert place(name) == (city, country)


@pytest.mark.parametrize(
    "name",
    [
        "Cafe Colombo",
        "London Coffee",
        "Taste of Bangkok Kitchen",
        "Berlin Bar",
        "China House Restaurant",
        "Hilton Cambridge",
        "Bath Street Grill",
        "Reading Room Cafe",
        "Market Place Dusit",
        "Paris Baguette",
        "Marriott Valencia",
        "Nice Coffee",
        "Hamilton Hotel",
        "ร้านอาหารญี่ปุ่น",
        "ครัวไทย",
        "The Georgia Grill",
    ],
)
def test_places_that_are_only_a_style_or_can_be_two_are_unknown(name: str) -> None:
    assert place(name) == (None, None)


def test_a_name_that_means_two_countries_is_said() -> None:
    record = record_of("Hilton Cambridge")
    [found] = [d for d in record.diagnostics if d.code == "place-ambiguous"]
    assert "United Kingdom" in found.message
    assert "United States" in found.message


def test_region_time_zone_and_language_follow_the_place() -> None:
    customer = customer_of("Heron Hotel Perth")
    assert value(customer.region) == "Asia Pacific"
    assert value(customer.timezone) == "Australia/Perth"
    assert value(customer.language) == "en"
    assert value(customer_of("Heron Hotel Sydney").timezone) == "Australia/Sydney"


def test_a_country_of_several_time_zones_alone_gives_none() -> None:
    customer = customer_of("Heron House", country="Australia")
    assert value(customer.country) == "Australia"
    assert customer.timezone is None


def test_every_inferred_value_explains_itself() -> None:
    customer = customer_of("Hilton Pattaya")
    for known in (customer.brand_group, customer.brand, customer.city, customer.country,
                  customer.region, customer.timezone, customer.language):  # fmt: skip
        assert known is not None
        assert known.source is Source.RULE
        assert known.rule
        assert 0 < known.confidence < 1
        assert known.line == customer.line


def test_the_language_of_a_country_is_a_weaker_sign_than_a_thai_name() -> None:
    usual, thai = customer_of("Hilton Pattaya").language, customer_of("ครัวพัทยา").language
    assert usual is not None
    assert thai is not None
    assert usual.confidence < thai.confidence


def test_what_the_book_states_wins_over_the_name() -> None:
    customer = customer_of(
        "Hilton Pattaya",
        brand="Conrad",
        city="Leeds",
        country="UK",
        region="Europe",
        language="Thai",
        timezone="Asia/Tokyo",
    )
    stated = (customer.brand, customer.city, customer.country, customer.region,
              customer.language, customer.timezone)  # fmt: skip
    assert [value(known) for known in stated] == [
        "Conrad", "Leeds", "United Kingdom", "Europe", "th", "Asia/Tokyo",
    ]  # fmt: skip
    assert {known.source for known in stated if known} == {Source.FILE}
    assert [known.line for known in stated if known] == [8, 9, 10, 11, 12, 13]
    assert value(customer.brand_group) == "Hilton"


def test_a_stated_city_tells_its_country_unless_it_can_be_two() -> None:
    assert place("Heron House", city="Limassol") == ("Limassol", "Cyprus")
    assert place("Heron House", city="Cambridge") == ("Cambridge", None)
    assert place("Heron Hotel Pattaya", city="Atlantis") == ("Atlantis", None)


def test_a_stated_country_overrules_a_city_in_the_name() -> None:
    assert place("Heron Hotel Pattaya", country="Laos") == (None, "Laos")
    assert place("Heron Hotel Pattaya", country="Thailand") == ("Pattaya", "Thailand")


def test_a_stated_brand_can_be_one_the_lists_do_not_know() -> None:
    assert brand("Heron House", brand="Copper Moon Hotels") == ("Copper Moon Hotels",) * 2
    assert brand("Heron House", brand="Accor") == ("Accor", None)
    assert brand("Heron House", brand="doubletree") == ("Hilton", "DoubleTree by Hilton")
    assert brand("Heron House", brand="dusit thani") == ("Dusit", "Dusit Thani")
    assert brand("DoubleTree by Hilton Krabi", brand="Hilton") == ("Hilton", "DoubleTree by Hilton")
    assert brand("DoubleTree by Hilton Krabi", brand="Accor") == ("Accor", None)


def test_a_stated_country_can_be_a_code_or_one_the_lists_do_not_know() -> None:
    assert place("Heron House", country="TH") == (None, "Thailand")
    assert place("Heron House", country="Atlantis") == (None, "Atlantis")


def test_a_country_of_several_languages_gives_none() -> None:
    assert customer_of("Heron Hotel Zurich").language is None


@pytest.mark.parametrize(
    ("field", "written"),
    [("timezone", "Bangkok time"), ("language", "Klingon"), ("region", "Middle Earth")],
)
def test_a_stated_value_that_is_none_is_said_and_not_used(field: str, written: str) -> None:
    record = record_of("Heron House", **{field: written})
    assert getattr(record.customer, field) is None
    assert "setting-unreadable" in {d.code for d in record.diagnostics}


@given(st.text(max_size=60), st.sampled_from([None, "lodging", "food", "trade"]))
def test_any_text_can_be_a_name(name: str, kind: str | None) -> None:
    read = read_name(name, kind)
    assert read.brand is None or bool(read.brand.group) != bool(read.brand.undecided)
    assert read.place is None or bool(read.place.country) != bool(read.place.undecided)
