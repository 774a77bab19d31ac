"""A house with simulated channels in a folder of its own, and clients that call it over ASGI."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from campaigns import settings
from campaigns.app import create_app
from campaigns.bootstrap import Services, opened, sample_book
from campaigns.model.access import SYSTEM, Scope

ADMIN = "an-admin-key-for-tests"
TODAY = "2025-09-15"
PATIENCE_S = 30.0

Until = Callable[[Callable[[], bool]], None]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Open one house a module: starting the engine takes a second."""
    folder: Path = tmp_path_factory.mktemp("house")
    book = folder / "venue_data.md"  # a copy: the book can be changed over the API
    shutil.copy(sample_book(), book)
    chosen = settings.read(
        campaigns_book=book,
        campaigns_data=folder,
        campaigns_today=TODAY,
        campaigns_simulate="all",
        campaigns_hold_seconds=0,
        campaigns_simulator_speed=20.0,
        campaigns_public_url="http://127.0.0.1:8000",
    )
    with opened(chosen, working=True) as services:
        services.access.create_key("admin", frozenset({Scope.ADMIN}), SYSTEM, secret=ADMIN)
        yield services


@pytest.fixture(scope="module")
def client(house: Services) -> Iterator[TestClient]:
    """A client with the admin key."""
    with TestClient(create_app(house), headers={"Authorization": f"Bearer {ADMIN}"}) as made:
        yield made


@pytest.fixture(scope="module")
def stranger(house: Services) -> Iterator[TestClient]:
    """A client without a key; server errors are answers, not exceptions."""
    with TestClient(create_app(house), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def until() -> Until:
    """Wait until something happened, or fail."""

    def wait(happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not happened():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.05)

    return wait
