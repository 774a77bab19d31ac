"""The vocabulary holds what the book has and what its lists know, with every word for it."""

from datetime import date

import pytest
from tests.book.books import book_of, entry

from campaigns.book import vocabulary
from campaigns.flow.plan import structured
from campaigns.model.errors import RequestInvalid
from campaigns.model.fold import fold
from campaigns.model.plan import Attribute
from campaigns.model.vocabulary import Term, Vocabulary

BOOK = book_of(
    entry("Hilton Pattaya", business_type="Hotel", music_platform="SYB"),
    entry("Hilton Hua Hin", business_type="hotels", music_platform="SYB (Multi)"),
    entry("DoubleTree by Hilton Krabi", music_platform="DM(W)"),
    entry("Novotel Nice Centre", business_type="Lighthouse"),
    entry("Heron House", city="Smalltown", country="Canada", brand="Copper Moon"),
    entry("Lagoon House", country="Atlantis"),
    entry("Vietnam"),
)
WORDS = vocabulary(BOOK)


def term(attribute: Attribute, value: str, words: Vocabulary = WORDS) -> Term:
    [found] = [t for t in words.of(attribute) if t.value == value]
    return found


def meanings(attribute: Attribute, word: str) -> set[str]:
    return {t.value for t in WORDS.of(attribute) if fold(word) in map(fold, t.words)}


@pytest.mark.parametrize(
    ("attribute", "word", "value"),
    [
        (Attribute.BRAND, "Hilton", "Hilton"),
        (Attribute.BRAND, "Hilton Hotels & Resorts", "Hilton"),
        (Attribute.BRAND, "ฮิลตัน", "Hilton"),
        (Attribute.BRAND, "plain Hilton", "Hilton Hotels & Resorts"),
        (Attribute.BRAND, "DoubleTree", "DoubleTree by Hilton"),
        (Attribute.BRAND, "Novotels", "Novotel"),
        (Attribute.BRAND, "Accor", "Accor"),
        (Attribute.BRAND, "Centara", "Centara"),
        (Attribute.BRAND, "Dusit", "Dusit"),
        (Attribute.REGION, "Asia", "Asia Pacific"),
        (Attribute.REGION, "เอเชีย", "Asia Pacific"),
        (Attribute.COUNTRY, "Thai", "Thailand"),
        (Attribute.COUNTRY, "ประเทศไทย", "Thailand"),
        (Attribute.COUNTRY, "UAE", "United Arab Emirates"),
        (Attribute.CITY, "พัทยา", "Pattaya"),
        (Attribute.CITY, "Saigon", "Ho Chi Minh City"),
        (Attribute.BUSINESS_TYPE, "gyms", "Fitness"),
        (Attribute.BUSINESS_TYPE, "malls", "Shopping Mall"),
        (Attribute.BUSINESS_TYPE, "bars", "Bar and Wine Bar"),
        (Attribute.BUSINESS_TYPE, "cafés", "Coffee Shop"),
        (Attribute.BUSINESS_TYPE, "โรงแรม", "Hotel"),
        (Attribute.BUSINESS_TYPE, "ร้านอาหาร", "Restaurant"),
        (Attribute.BUSINESS_TYPE, "บาร์", "Bar and Wine Bar"),
        (Attribute.PLATFORM, "SYB", "Soundtrack Your Brand"),
        (Attribute.PLATFORM, "SYB (Multi)", "Soundtrack Your Brand"),
        (Attribute.PLATFORM, "BMS", "BMS"),
        (Attribute.PLATFORM, "TBA", "TBA"),
        (Attribute.CUSTOMER, "Hilton Pattaya", "Hilton Pattaya"),
    ],
)
def test_words_mean_their_value(attribute: Attribute, word: str, value: str) -> None:
    assert meanings(attribute, word) == {value}


def test_the_bare_word_of_a_group_takes_all_its_flags() -> None:
    assert term(Attribute.BRAND, "Hilton").customers == 3
    assert term(Attribute.BRAND, "Hilton Hotels & Resorts").customers == 2
    assert term(Attribute.BRAND, "DoubleTree by Hilton").customers == 1
    assert term(Attribute.BRAND, "DoubleTree by Hilton").parent == "Hilton"
    assert term(Attribute.BRAND, "Hilton").parent is None


def test_values_have_parents() -> None:
    assert term(Attribute.CITY, "Pattaya").parent == "Thailand"
    assert term(Attribute.COUNTRY, "Thailand").parent == "Asia Pacific"


def test_counts_come_from_customers_only() -> None:
    assert term(Attribute.COUNTRY, "Thailand").customers == 3
    assert term(Attribute.COUNTRY, "Vietnam").customers == 0
    assert term(Attribute.PLATFORM, "Soundtrack Your Brand").customers == 2
    assert term(Attribute.BUSINESS_TYPE, "Hotel").customers == 2


def test_values_only_the_book_knows_are_terms_too() -> None:
    assert term(Attribute.CITY, "Smalltown").parent == "Canada"
    assert term(Attribute.BUSINESS_TYPE, "Lighthouse").customers == 1
    assert term(Attribute.BRAND, "Copper Moon").customers == 1
    assert term(Attribute.PLATFORM, "DM(W)").customers == 1
    assert term(Attribute.COUNTRY, "Atlantis").customers == 1


def test_common_words_are_cities_only_where_a_customer_is() -> None:
    assert term(Attribute.CITY, "Nice").customers == 1
    assert meanings(Attribute.CITY, "Bath") == set()
    assert meanings(Attribute.CITY, "Reading") == set()


def test_common_words_are_no_brands() -> None:
    for word in ("w", "element", "even", "quest", "tribe", "comfort", "sol", "edition"):
        assert meanings(Attribute.BRAND, word) == set()


def test_a_part_of_a_city_is_no_city() -> None:
    assert meanings(Attribute.CITY, "Patong") == set()


def test_the_most_used_values_come_first() -> None:
    for attribute in (Attribute.BRAND, Attribute.COUNTRY, Attribute.PLATFORM):
        counts = [t.customers for t in WORDS.of(attribute)]
        assert counts == sorted(counts, reverse=True)


def test_each_value_is_one_term_with_its_own_words_once() -> None:
    keys = [(t.attribute, t.value, t.parent) for t in WORDS.terms]
    assert len(keys) == len(set(keys))
    for found in WORDS.terms:
        folded = [fold(w) for w in found.words]
        assert folded
        assert len(folded) == len(set(folded))


def test_a_term_says_its_own_value_unless_it_is_a_default_flag() -> None:
    firm = [t for t in WORDS.terms if t.attribute is not Attribute.CITY]
    without = {t.value for t in firm if fold(t.value) not in map(fold, t.words)}
    assert "Hilton Hotels & Resorts" in without
    assert without <= {"Hilton Hotels & Resorts", "Marriott Hotels"}


@pytest.mark.parametrize("part", ["Southeast Asia", "SEA", "Latin America", "Caribbean", "Gulf"])
def test_a_part_of_a_region_never_means_the_whole(part: str) -> None:
    assert meanings(Attribute.REGION, part) == set()
    fields = {"type": "renewal", "filters": {"region": part}}
    with pytest.raises(RequestInvalid, match=r"there are Asia Pacific|did you mean") as refused:
        structured(fields, WORDS, date(2025, 9, 15), ())
    assert refused.value.faults[0].pointer == "/filters/region"


def test_a_part_of_a_region_in_the_book_places_the_customer() -> None:
    [found] = book_of(entry("Heron House", region="Southeast Asia")).customers
    assert found.region is not None
    assert found.region.value == "Asia Pacific"
