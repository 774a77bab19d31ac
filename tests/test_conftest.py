"""What every test may rely on: logs as they are before any command ran."""

import pytest
import structlog

from campaigns import logs


@pytest.fixture(scope="module")
def _set_up_before() -> None:
    logs.set_up("error")


@pytest.mark.usefixtures("_set_up_before")
def test_what_a_modules_fixture_set_up_does_not_silence_a_test() -> None:
    with structlog.testing.capture_logs() as logged:
        structlog.get_logger().info("heard")
    assert [entry["event"] for entry in logged] == ["heard"]
