"""Figures: the funnel, NPS, conversions."""

from datetime import date

import pytest

from campaigns.flow.insight import converted, funnel, nps
from campaigns.model.audience import Member
from campaigns.model.customer import Channel, Customer
from campaigns.model.ids import CustomerId
from campaigns.model.message import MessageStatus as M


def member(name: str, end: date | None) -> Member:
    return Member(
        customer_id=CustomerId(name),
        name=name,
        brand=None,
        brand_group=None,
        city=None,
        country=None,
        zones=None,
        contract_end=end,
        contacts=(),
    )


def test_each_step_of_the_funnel_is_part_of_the_one_before() -> None:
    counts = {
        (Channel.EMAIL, M.DELIVERED): 3,
        (Channel.WHATSAPP, M.READ): 2,
        (Channel.WHATSAPP, M.ACCEPTED): 1,
        (Channel.EMAIL, M.FAILED): 1,
        (Channel.LINE, M.IN_DOUBT): 1,
        (Channel.LINE, M.SKIPPED): 4,
    }
    found = funnel(counts, {}, 0)
    assert (found.messages, found.sent, found.delivered, found.read) == (12, 6, 5, 2)
    assert (found.failed, found.in_doubt, found.skipped) == (1, 1, 4)


def test_a_customer_that_answers_twice_counts_once_and_machines_do_not_count() -> None:
    answered = {
        "accept": frozenset({"a"}),
        "question": frozenset({"a", "b"}),
        "later": frozenset({"c"}),
        "out_of_office": frozenset({"d"}),
    }
    found = funnel({}, answered, 0)
    assert (found.replied, found.interested) == (3, 2)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([], None), ([10, 9], 100.0), ([0, 6], -100.0), ([10, 7, 8, 3], 0.0), ([9, 9, 2], 33.3)],
)
def test_nps_is_promoters_less_detractors(scores: list[int], expected: float | None) -> None:
    assert nps(scores) == expected


def test_a_later_contract_end_in_the_book_is_a_conversion() -> None:
    end, later = date(2025, 10, 31), date(2026, 10, 31)
    members = [
        member("renewed", end),
        member("same", end),
        member("gone", end),
        member("none", None),
    ]
    now = {
        CustomerId("renewed"): Customer(
            id=CustomerId("renewed"), name="r", line=1, contract_end=later
        ),
        CustomerId("same"): Customer(id=CustomerId("same"), name="s", line=1, contract_end=end),
        CustomerId("none"): Customer(id=CustomerId("none"), name="n", line=1, contract_end=later),
    }
    assert len(converted(members, now)) == 1
