"""A model reads a reply above a floor of code: the careful reading of the two always wins."""

from collections.abc import Callable
from datetime import date

import pytest
from tests.ai.openai.answers import reply
from tests.ai.openai.conftest import World
from tests.support.model_server import Fault

from campaigns.ai.embedded import EmbeddedReplyReader
from campaigns.ai.openai import ModelReplyReader
from campaigns.model.ids import CampaignId
from campaigns.model.reply import Intent, Reading, ReplyContext

FLOOR = EmbeddedReplyReader()
CONTEXT = ReplyContext(today=date(2025, 9, 15))


@pytest.fixture
def read(world: World) -> Callable[..., Reading]:
    reader = ModelReplyReader(world.engine(resends=0), FLOOR)

    def read_with(text: str, *intents: tuple[str, str], **said: object) -> Reading:
        world.model.speak = lambda asked: reply(*intents, **said)  # type: ignore[arg-type]
        return reader.read(text, CONTEXT, CampaignId("c_1"))

    return read_with


def all_of(text: str, *intents: str) -> list[tuple[str, str]]:
    return [(intent, text) for intent in intents]


@pytest.mark.parametrize("text", ["STOP", "YES", "อย่าส่งข้อความมาอีก", ""])
def test_what_words_alone_settle_never_reaches_the_model(read, world, text):
    reading = read(text, ("accept", ""))
    assert world.model.asked == []
    assert reading == FLOOR.read(text, CONTEXT)


def test_a_reading_of_both_is_sure_and_says_who_read(read):
    text = "Could you tell us whether the playlists can be changed during the day?"
    reading = read(text, ("question", "whether the playlists can be changed"))
    assert (reading.intent, reading.unsure) == (Intent.QUESTION, False)
    assert reading.engine == "openai:gpt-4o"
    (span,) = reading.evidence
    assert text[span.start : span.end] == span.text == "whether the playlists can be changed"


@pytest.mark.parametrize(
    "text",
    [
        "Please do not renew our contract, we found somebody else.",
        "The speaker at the pool is broken again and nobody came.",
        "Please remove our hotel from your mailing list, we want no more of these.",
        "เพลงไม่ดังเลย เสียงขาดๆ หายๆ มาสามวันแล้ว",
        "We will close for renovation, ask me again in spring.",
    ],
)
def test_a_model_that_says_yes_to_a_refusal_or_a_complaint_is_not_believed(read, text):
    reading = read(text, ("accept", ""))
    assert reading.unsure or reading.intent is not Intent.ACCEPT
    assert reading.intent is not Intent.ACCEPT


def test_a_yes_needs_both(read):
    reading = read("Ok great, sounds like a plan for our lobby", ("question", ""))
    below = FLOOR.read("Ok great, sounds like a plan for our lobby", CONTEXT)
    if below.intent is Intent.ACCEPT:
        assert reading.unsure
        assert reading.likeliest == (Intent.QUESTION, Intent.ACCEPT)


@pytest.mark.parametrize("words", ["accept", "question", "other", "decline"])
def test_a_sign_of_an_opt_out_stays_whatever_the_model_says(read, words):
    text = "honestly these messages are a bit much, maybe stop sending them?"
    below = FLOOR.read(text, CONTEXT)
    reading = read(text, (words, ""))
    assert below.opt_out_sign or below.intent is Intent.OPT_OUT
    assert reading.opt_out_sign or reading.intent is Intent.OPT_OUT


def test_an_opt_out_only_the_model_finds_is_for_a_person_and_pauses(read):
    reading = read("Kindly let our inbox rest from now on, dear friends", ("opt_out", ""))
    assert reading.opt_out_sign
    assert reading.unsure
    assert Intent.OPT_OUT in reading.likeliest


def test_evidence_that_does_not_stand_in_the_reply_is_no_answer(read):
    text = "We might, who knows, depends on the owner"
    reading = read(text, ("accept", "yes please"))
    assert reading.engine == "embedded"
    assert reading.fallback is not None
    assert "Quote verbatim" in reading.fallback


@pytest.mark.parametrize("fault", [Fault.DENIED, Fault.CUT, Fault.NO_SCHEMA, Fault.REFUSES])
def test_when_the_model_fails_the_floor_reads_and_says_why(world, fault):
    world.model.forever = fault
    text = "Could you send us the price list for next year?"
    reading = ModelReplyReader(world.engine(resends=0), FLOOR).read(text, CONTEXT)
    assert reading.fallback
    assert reading.engine == "embedded"
    assert reading.intents == FLOOR.read(text, CONTEXT).intents


def test_complaints_that_the_floor_finds_beside_another_meaning_are_kept(read):
    text = "We want to renew but fix the broken speaker in the lobby first"
    below = FLOOR.read(text, CONTEXT)
    reading = read(text, ("change_request", text))
    assert Intent.COMPLAINT in below.intents
    assert Intent.COMPLAINT in reading.intents or Intent.COMPLAINT in reading.likeliest
