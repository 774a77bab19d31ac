"""What the tests of the reader share: one reader, one vocabulary, one today."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tests.evals.fixture import vocabulary

from campaigns.ai.embedded.requests import EmbeddedInterpreter
from campaigns.model.plan import DateRange, Plan

NOW = datetime(2025, 9, 15, 8, 30, tzinfo=ZoneInfo("Asia/Bangkok"))  # a Monday
WORDS = vocabulary()
READER = EmbeddedInterpreter()


def read(request: str) -> Plan:
    """Read `request` with the invented vocabulary, on Monday 15 September 2025."""
    return READER.interpret(request, WORDS, NOW)


def clear(request: str) -> Plan:
    """Read a request that must be clear."""
    plan = read(request)
    assert plan.is_clear, (plan.not_understood, plan.questions)
    return plan


def unclear(request: str) -> Plan:
    """Read a request that must not be clear, so that its audience is empty."""
    plan = read(request)
    assert not plan.is_clear, plan
    assert plan.not_understood or plan.questions
    return plan


def set_aside(plan: Plan) -> list[str]:
    """Return the words that are shown as choosing no customers."""
    return [u.words for u in plan.understood if "chooses no customers" in u.meaning]


def days(first: str | None, last: str | None) -> DateRange:
    """Return a range of ISO days."""
    return DateRange(*(day and date.fromisoformat(day) for day in (first, last)))
