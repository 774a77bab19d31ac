"""Days off of a whole country, from the `holidays` package."""

from datetime import date

import pytest

from campaigns.ai.embedded import public_holidays


def test_days_of_the_whole_country_are_known() -> None:
    thai = public_holidays("Thailand", 2025)
    assert thai is not None
    assert date(2025, 4, 14) in thai  # Songkran
    japanese = public_holidays("Japan", 2025)
    assert japanese is not None
    assert date(2025, 9, 15) in japanese


def test_a_holiday_of_a_part_of_a_country_is_not_one_of_the_whole() -> None:
    german = public_holidays("Germany", 2025)
    assert german is not None
    assert date(2025, 10, 3) in german
    assert date(2025, 11, 1) not in german  # All Saints' Day, in five states


@pytest.mark.parametrize("country", ["", "Atlantis", "HolidayBase", "__file__"])
def test_what_is_no_country_has_no_days(country: str) -> None:
    assert public_holidays(country, 2025) is None
