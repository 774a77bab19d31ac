"""LINE's dress: plain text within LINE's own count of length."""

import pytest
from tests.ai.texts.world import facts

from campaigns.channels.line.dress import TEXT_LIMIT, problem, units
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, ContactId, CustomerId, MessageId
from campaigns.model.message import Message


def message(text: str) -> Message:
    return Message(
        id=MessageId("m1"),
        campaign_id=CampaignId("p1"),
        customer_id=CustomerId("c1"),
        customer="Hilton Pattaya",
        contact_id=ContactId("k1"),
        contact=None,
        channel=Channel.LINE,
        address="U" + "0" * 32,
        cohort="x",
        language="th",
        text=text,
        facts=facts(),
    )


@pytest.mark.parametrize(("text", "length"), [("abc", 3), ("ที่", 3), ("🎵", 2), ("👍🏽", 4)])
def test_length_is_counted_as_line_counts_it(text: str, length: int) -> None:
    assert units(text) == length


def test_a_text_of_just_the_limit_fits_and_one_more_does_not() -> None:
    assert problem(message("ก" * TEXT_LIMIT)) is None
    assert "5,000" in (problem(message("ก" * (TEXT_LIMIT + 1))) or "")
    assert "5,000" in (problem(message("🎵" * (TEXT_LIMIT // 2) + "a")) or "")


def test_an_empty_text_is_refused() -> None:
    assert problem(message(" \n")) is not None
