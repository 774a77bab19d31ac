"""LINE's simulator with every customer of the sample book as a follower, and a house that uses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.channels.contracts.test_end_to_end import line_ids
from tests.support.providers import Switchboard
from tests.support.sending import HandClock

from campaigns import settings
from campaigns.bootstrap import Services, opened, sample_book
from campaigns.channels.simulator.http import LineSimulator
from campaigns.orchestrator.followers import Followers


@pytest.fixture
def line(board: Switchboard, clock: HandClock) -> LineSimulator:
    simulator = LineSimulator(clock.now)
    simulator.known |= set(line_ids())
    board.app = simulator.app
    return simulator


@contextmanager
def line_house(
    data: Path, url: str, line: LineSimulator, *, working: bool = False, **more: object
) -> Iterator[Services]:
    """Open a house over the sample book that sends by LINE to the simulator at `url`."""
    chosen = settings.read(
        campaigns_book=sample_book(),
        campaigns_data=data,
        campaigns_today="2025-09-15",
        campaigns_line_url=url,
        line_channel_access_token=line.own.token,
        **more,
    )
    with opened(chosen, working=working) as services:
        Followers(services.store, services.clock, services.book, lambda ids: ids).verify()
        yield services
