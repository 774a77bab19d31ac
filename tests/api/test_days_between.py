"""A second campaign to the same customers waits as many days as the house keeps between two."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from campaigns import settings
from campaigns.app import create_app
from campaigns.bootstrap import opened
from campaigns.model.access import SYSTEM, Scope
from campaigns.model.errors import SettingInvalid

Until = Callable[[Callable[[], bool]], None]
BOOK = Path(__file__).parent / "small_book.md"
WHY = "another campaign wrote to this customer within 14 days"


def chosen(folder: Path, days: int) -> settings.Settings:
    return settings.read(
        campaigns_book=Path(shutil.copy(BOOK, folder / "book.md")),
        campaigns_data=folder,
        campaigns_today="2025-09-15",
        campaigns_simulate="all",
        campaigns_hold_seconds=0,
        campaigns_simulator_speed=20.0,
        campaigns_days_between=days,
    )


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with opened(chosen(tmp_path, 14), working=True) as services:
        _, secret = services.access.create_key("admin", frozenset({Scope.ADMIN}), SYSTEM)
        headers = {"Authorization": f"Bearer {secret}"}
        with TestClient(create_app(services), headers=headers) as made:
            yield made


def sent(client: TestClient, request: str) -> str:
    made = client.post("/api/campaigns/create", json={"human_request": request}).json()
    at = f"/api/campaigns/{made['campaign_id']}"
    client.post(f"{at}/submit")
    shown = client.get(f"{at}/preview").json()["content_hash"]
    client.post(f"{at}/approve", json={"content_hash": shown})
    assert client.post(f"{at}/send").status_code == 202
    return at


def waiting(client: TestClient, at: str) -> list[dict[str, Any]]:
    return list(client.get(f"{at}/statistics").json()["waiting"])


def test_the_second_campaign_waits_and_says_until_when_and_a_correction_does_not(
    client: TestClient, until: Until
) -> None:
    first = sent(client, "Send renewal reminders to Hilton Pattaya by email")
    until(lambda: client.get(first).json()["status"] == "completed")
    second = sent(client, "Announce our new playlists to Hilton Pattaya by email")
    until(lambda: any(w["reason"] == WHY for w in waiting(client, second)))
    [held] = waiting(client, second)
    wrote = datetime.fromisoformat(client.get(first).json()["updated_at"])
    free = datetime.fromisoformat(held["until"])
    assert abs(free - wrote - timedelta(days=14)) < timedelta(minutes=5)
    client.post(f"{first}/rollback")
    # What was taken back counts no more, so its correction, or any other campaign, may follow.
    third = sent(client, "Announce our new playlists to Hilton Pattaya by email")
    until(lambda: client.get(third).json()["status"] == "completed")
    assert waiting(client, third) == []


def test_days_beyond_a_year_or_before_none_are_refused(tmp_path: Path) -> None:
    for days in (-1, 366):
        with pytest.raises(SettingInvalid, match="CAMPAIGNS_DAYS_BETWEEN"):
            chosen(tmp_path, days)
