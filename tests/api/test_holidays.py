"""A public holiday holds a customer's messages, and who has none known is named."""

from datetime import UTC, datetime
from pathlib import Path

from campaigns import settings
from campaigns.bootstrap import opened, sample_book
from campaigns.model.access import SYSTEM


def test_the_forecast_waits_for_the_day_after_a_holiday_and_names_who_has_none_known(
    tmp_path: Path,
) -> None:
    chosen = settings.read(
        campaigns_book=sample_book(),
        campaigns_data=tmp_path,
        campaigns_today="2025-12-05",  # a public holiday in Thailand
        campaigns_simulate="all",
        campaigns_public_holidays=True,
    )
    with opened(chosen) as house:
        thai, _ = house.drafts.create("Announce our new playlists to all hotels in Bangkok", SYSTEM)
        firsts = [c.first_at for c in house.outlook.forecast(thai.id).channels]
        assert firsts
        saturday = datetime(2025, 12, 6, 2, 0, tzinfo=UTC)
        assert all(at is not None and at >= saturday for at in firsts)
        everybody, _ = house.drafts.create("Announce our new playlists to all customers", SYSTEM)
        unknown = house.outlook.forecast(everybody.id).without_holidays
        assert "not recorded" in unknown.values()
