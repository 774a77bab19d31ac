"""The next occasion of a country."""

from datetime import date

import pytest

from campaigns.ai.embedded.texts import TextLibrary, next_occasion
from campaigns.ai.embedded.texts.tables import table


@pytest.mark.parametrize(
    ("country", "today", "occasion"),
    [
        ("Thailand", date(2025, 3, 15), "songkran"),
        ("Thailand", date(2025, 10, 15), "loy_krathong"),
        ("Thailand", date(2025, 11, 15), "christmas"),
        ("China", date(2025, 12, 15), "new_year"),
        ("China", date(2026, 1, 15), "lunar_new_year"),
        ("China", date(2025, 9, 15), "golden_week"),
        ("Japan", date(2025, 4, 1), "golden_week"),
        ("India", date(2025, 9, 15), "diwali"),
        ("United Arab Emirates", date(2025, 2, 1), "ramadan"),
        ("United Arab Emirates", date(2025, 3, 15), "eid"),
        ("United Arab Emirates", date(2025, 12, 10), "new_year"),
        ("France", date(2025, 4, 1), "easter"),
        ("Thailand", date(2025, 6, 15), None),
        ("Atlantis", date(2025, 12, 1), None),
        (None, date(2025, 12, 1), None),
    ],
)
def test_each_country_has_its_own_next_occasion(country, today, occasion):
    assert next_occasion(country, today) == occasion


def test_every_occasion_of_the_calendar_has_texts():
    data = table("calendar")
    known = set(TextLibrary().occasions())
    assert {*data["names"], *data["kept"], *data["before"]} <= known
