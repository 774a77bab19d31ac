"""What a message is about is the sender's own words: plain ones pass, claims and names do not."""

import pytest
from tests.ai.texts.world import facts

from campaigns.flow.guard import check
from campaigns.model.message import Check
from campaigns.model.plan import CampaignType
from campaigns.model.text import Rendered

TEXT = "Hello Rudolf, we have news for Hilton Pattaya: {}. Reply YES. Reply STOP to opt out."


def failed(topic: str, composed_topic: str | None = None) -> set[str | None]:
    text = TEXT.format(topic)
    values = {"topic": topic if composed_topic is None else composed_topic}
    composed = Rendered(text=text, values=values)
    found: tuple[Check, ...] = check(
        text, facts(), type_=CampaignType.ANNOUNCEMENT, language="en", composed=composed
    )
    return {c.found for c in found if not c.ok and c.found}


@pytest.mark.parametrize(
    "topic",
    ["the new mobile app", "system maintenance at night", "our new hotline number", "our new app"],
)
def test_plain_words_of_the_topic_pass(topic: str) -> None:
    assert failed(topic) == set()


@pytest.mark.parametrize(
    ("topic", "blocked"),
    [
        ("a free month", "free"),
        ("the new mobile app for $5", "$5"),
        ("the new mobile app at www.app.example", "www.app.example"),
        ("the new mobile app by Gustav", "Gustav"),
        ("the jacuzzi's new mobile app in the ballroom", "ballroom"),
    ],
)
def test_a_claim_a_price_a_link_a_name_or_a_place_in_the_topic_blocks(
    topic: str, blocked: str
) -> None:
    assert any(blocked in (found or "") for found in failed(topic))


def test_the_same_words_outside_the_topic_block() -> None:
    assert failed("the new mobile app", composed_topic="our playlists") == {"mobile"}


@pytest.mark.parametrize("longer", ["hotlines-only", "hotlines"])
def test_a_word_that_only_begins_with_the_topic_blocks(longer: str) -> None:
    assert failed(longer, composed_topic="hotline") == {longer}
