"""A server that every test of this folder may plug its own provider into."""

from collections.abc import Iterator

import pytest
from tests.support.providers import Switchboard, switchboard
from tests.support.sending import HandClock


@pytest.fixture(scope="session")
def board() -> Iterator[Switchboard]:
    with switchboard() as served:
        yield served


@pytest.fixture
def clock() -> HandClock:
    return HandClock()
