"""The word lists are sound: no contradiction, no unknown zone or country, a comment on the source."""

from collections import Counter
from importlib import resources
from zoneinfo import ZoneInfo

import pytest

from campaigns.book.brands import listed_brands
from campaigns.book.gazetteer import REGIONS, countries, listed_places
from campaigns.book.lists import read_list, rows, split
from campaigns.book.terms import business_types
from campaigns.book.words import name_words, word_list
from campaigns.model.customer import Role
from campaigns.model.fold import fold

FILES = sorted(p.name for p in resources.files("campaigns.book").joinpath("data").iterdir())


@pytest.mark.parametrize("name", FILES)
def test_every_list_says_where_it_comes_from(name: str) -> None:
    text = read_list(name)
    comment = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    assert text.startswith("# ")
    assert "Source: " in comment


@pytest.mark.parametrize("name", [n for n in FILES if n.endswith(".csv")])
def test_every_row_has_every_column(name: str) -> None:
    for row in rows(name):
        assert None not in row
        assert None not in row.values()


def test_countries_have_a_region_a_real_zone_and_a_currency() -> None:
    for country in countries().values():
        assert country.region in REGIONS
        assert country.timezone is None or ZoneInfo(country.timezone)
        assert len(country.code) == 2
        assert len(country.currency) == 3


def test_places_lie_in_listed_countries_and_real_zones() -> None:
    for row in listed_places():
        assert row.place.country in countries()
        assert row.place.city or row.place.area
        assert row.place.timezone is None or ZoneInfo(row.place.timezone)
        assert row.words or row.doubtful


def test_every_city_of_a_country_of_several_zones_has_its_zone() -> None:
    several = {c.code for c in countries().values() if c.timezone is None}
    for row in listed_places():
        if row.place.country in several and row.place.city and row.place.area is None:
            assert row.place.timezone, row


def test_a_place_is_listed_once() -> None:
    seen = Counter((r.place.country, r.place.city, r.place.area) for r in listed_places())
    assert [place for place, count in seen.items() if count > 1] == []


def test_no_brand_word_belongs_to_two_groups() -> None:
    groups: dict[str, set[str]] = {}
    for row in listed_brands():
        for word in row.words:
            groups.setdefault(fold(word), set()).add(row.flag.group)
    assert {word: g for word, g in groups.items() if len(g) > 1} == {}


def test_a_group_has_at_most_one_default_flag() -> None:
    defaults = Counter(r.flag.group for r in listed_brands() if r.flag.default)
    assert set(defaults.values()) == {1}


def test_the_groups_of_the_glossary_are_known() -> None:
    known = {row.flag.group for row in listed_brands()}
    assert known >= {
        "Accor", "Ascott", "Banyan", "Best Western", "Centara", "Dusit", "Hilton", "Hyatt",
        "IHG", "Kempinski", "Marriott", "Meliá", "Minor", "Radisson", "Wyndham",
    }  # fmt: skip


def test_misspellings_are_no_words_of_another_type() -> None:
    words = {fold(w) for t in business_types() for w in t.words}
    for row in rows("business_types.csv"):
        for slip in split(row["misspelt"]):
            assert fold(slip) not in words


def test_roles_are_those_of_the_model() -> None:
    assert {row["role"] for row in rows("roles.csv")} == {role.value for role in Role}


def test_remark_words_hold_their_core() -> None:
    assert word_list("zone_remark_core") <= word_list("zone_remark")
    assert not word_list("status_core") & word_list("status_weak")


def test_lodging_words_are_no_food_words() -> None:
    assert not name_words("lodging") & name_words("food")
