"""The statistics tell what LINE's plan has left of the month, and what is queued for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.channels.contracts.conftest import line_house
from tests.support.providers import Switchboard

from campaigns.app import create_app
from campaigns.bootstrap import Services
from campaigns.channels.simulator.http import LineSimulator
from campaigns.model.access import SYSTEM, Scope

KEY = "an-admin-key-for-tests"
REQUEST = "Announce our new playlists to all customers by LINE"


@pytest.fixture
def house(board: Switchboard, line: LineSimulator, tmp_path: Path) -> Iterator[Services]:
    """A house that holds a first message for an hour: what is queued stays queued."""
    with opened(board, line, tmp_path, working=True) as services:
        yield services


@pytest.fixture
def idle(board: Switchboard, line: LineSimulator, tmp_path: Path) -> Iterator[Services]:
    """A house in which nobody works, so that nobody asks LINE before the test does."""
    with opened(board, line, tmp_path, working=False) as services:
        yield services


@contextmanager
def opened(
    board: Switchboard, line: LineSimulator, data: Path, *, working: bool
) -> Iterator[Services]:
    more = {"campaigns_simulate": "email", "campaigns_hold_seconds": 3600}
    with line_house(data, board.url, line, working=working, **more) as services:
        services.access.create_key("admin", frozenset({Scope.ADMIN}), SYSTEM, secret=KEY)
        yield services


def limits(house: Services) -> dict[str, Any]:
    client = TestClient(create_app(house), headers={"Authorization": f"Bearer {KEY}"})
    found: dict[str, Any] = client.get("/api/campaigns/statistics").json()["send_limits"]
    return found


def queued(house: Services) -> int:
    campaign, _ = house.drafts.create(REQUEST, SYSTEM)
    shown = house.approvals.submit(campaign.id, SYSTEM).content_hash
    house.approvals.approve(campaign.id, shown, SYSTEM)
    return house.sends.send(campaign.id, SYSTEM).queued


def test_the_months_use_is_lines_own_and_what_is_queued_is_reserved(
    house: Services, line: LineSimulator
) -> None:
    line.allows(100)
    waiting = queued(house)
    assert waiting > 0
    assert limits(house)["line"]["month"] == {
        "limit": 100,
        "used": 0,
        "left": 100,
        "reserved": waiting,
    }


def test_a_plan_without_a_limit_has_none_left_to_tell(house: Services) -> None:
    assert limits(house)["line"]["month"] == {
        "limit": None,
        "used": 0,
        "left": None,
        "reserved": 0,
    }


def test_a_channel_without_a_plan_or_an_answer_has_no_month(
    idle: Services, line: LineSimulator
) -> None:
    line.own.token = "another"
    assert {channel: limit["month"] for channel, limit in limits(idle).items()} == {
        "whatsapp": None,
        "line": None,
        "email": None,
    }
