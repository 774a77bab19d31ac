"""For every test: logs as before, and properties that are not false because a machine is slow."""

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """Undo what a command under test set up: its logs go to an output closed after the test."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)
