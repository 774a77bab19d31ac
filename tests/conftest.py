"""For every test."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """Undo what a command under test set up: its logs go to an output closed after the test."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)
