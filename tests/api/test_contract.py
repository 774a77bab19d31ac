"""The OpenAPI document is true: no undocumented status, no wrong shape, no server error."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from campaigns import settings
from campaigns.app import create_app
from campaigns.bootstrap import opened
from campaigns.model.access import SYSTEM, Scope

KEY = "a-key-for-the-contract"
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
BOOK = Path(__file__).parent / "small_book.md"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("contract")
    chosen = settings.read(
        campaigns_book=Path(shutil.copy(BOOK, folder / "book.md")),  # the API writes into it
        campaigns_data=folder,
        campaigns_today="2025-09-15",
        campaigns_simulate="all",
    )
    with opened(chosen, working=True) as services:
        services.access.create_key("admin", frozenset({Scope.ADMIN}), SYSTEM, secret=KEY)
        # An event stream has no end to wait for.
        yield schemathesis.openapi.from_asgi("/openapi.json", create_app(services)).exclude(
            path_regex="/events$"
        )


@hypothesis_settings(
    max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
def _exercise(case: Any) -> None:
    answer = case.call(headers={"Authorization": f"Bearer {KEY}"})
    case.validate_response(answer, checks=CHECKS)


# Schemathesis itself draws from `random` in a strategy, which Hypothesis frowns upon.
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")
def test_every_answer_is_one_the_document_announces(api: Any, subtests: pytest.Subtests) -> None:
    operations = [found.ok() for found in api.get_all_operations()]
    assert len(operations) > 30
    for operation in operations:
        with subtests.test(operation.label):
            given(case=operation.as_strategy())(_exercise)()
