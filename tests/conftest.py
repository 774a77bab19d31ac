"""For every test: logs as before, and properties that are not false because a machine is slow."""

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """Undo what a command set up, in a test or in a module's fixture before it.

    A command logs warnings alone, and to an output closed after it.
    """
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()
