"""A model writes a cohort's text: in slot form, tried on invented customers, kept once paid for."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.ai.openai.conftest import Kept, World
from tests.ai.texts.test_library import GRID
from tests.ai.texts.world import facts
from tests.support.model_server import Asked, Fault

from campaigns.ai.embedded.texts import TextLibrary, house_voices
from campaigns.ai.openai import ModelWriter
from campaigns.flow.compose import render
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId
from campaigns.model.plan import CampaignType, Tone
from campaigns.model.text import Cohort, CohortText

LIBRARY = TextLibrary()
MAIL = Cohort(type=CampaignType.RENEWAL, tone=Tone.FORMAL, language="en", channel=Channel.EMAIL)
SHORT = Cohort(type=CampaignType.RENEWAL, tone=Tone.CASUAL, language="en", channel=Channel.WHATSAPP)
PAYER = CampaignId("c_1")


def with_sentence(*sentences: str) -> Callable[[Asked], str]:
    """Answer with the house's text and a paragraph of one's own behind it."""

    def speak(asked: Asked) -> str:
        text = asked.house_text
        text["paragraphs"].append(list(sentences))
        return json.dumps(text)

    return speak


def changed(**parts: Any) -> Callable[[Asked], str]:
    return lambda asked: json.dumps({**asked.house_text, **parts})


@pytest.fixture
def shelf() -> Kept:
    return Kept()


@pytest.fixture
def write(world: World, shelf: Kept) -> Callable[..., CohortText]:
    writer = ModelWriter(world.engine(resends=0), LIBRARY, shelf, house_voices().words)
    return lambda cohort=MAIL, context=None: writer.write(cohort, context, PAYER)


def test_its_own_words_stand_between_the_houses_greeting_and_way_out(world, write):
    world.model.speak = with_sentence("It is a pleasure to hear from you.")
    text = write()
    assert text.engine == "openai:gpt-4o"
    assert text.paragraphs[0] == ("{hello}",)
    assert text.paragraphs[-3:] == (("{cta}",), ("{sign}",), ("{way_out}",))
    assert ("It is a pleasure to hear from you.",) in text.paragraphs
    shown = render(text, facts()).text
    assert "THB 12,000" in shown
    assert "October 31, 2025" in shown


def test_no_customer_is_shown_to_it(world, write):
    write(MAIL, "a new jazz channel for Hilton Pattaya")
    body = json.dumps(world.model.asked[0].body)
    assert "Hilton" not in body.replace("formal for Hilton", "")
    assert "jazz" not in body


@pytest.mark.parametrize(
    ("speak", "reason"),
    [
        (with_sentence("Your rate is 9,000 per zone."), "digit"),
        (with_sentence("Only three zones are left."), "number word"),
        (with_sentence("Renew before December."), "month"),
        (with_sentence("Your GM already agreed to this."), "agreed|record"),
        (with_sentence("We guarantee a full refund."), "claim|promises|vocabulary"),
        (with_sentence("The first month is free."), "free|promises|number word"),
        (with_sentence("See www.bma.example for more."), "link"),
        (with_sentence("Reply YES today."), "call to action"),
        (with_sentence("Dear {greeting}, all the best."), r"leave \{greeting\} out"),
        (with_sentence("Your {discount} is waiting."), r"no slot \{discount\}"),
        (changed(paragraphs=[["We wish you a lovely day."]]), r"slot \{.*\} is missing"),
        (changed(paragraphs=[]), "missing"),
        (changed(subject=""), "subject"),
        (with_sentence(*(["We wish you a lovely day and all the best."] * 100)), "too long"),
    ],
)
def test_what_only_the_record_may_say_is_refused_and_the_library_writes(
    world, write, speak, reason
):
    world.model.speak = speak
    text = write()
    assert text.engine == "embedded"
    assert text.fallback is not None
    assert "no usable answer in 3 tries" in text.fallback
    assert text.paragraphs == LIBRARY.write(MAIL, None).paragraphs
    told = world.model.asked[-1].turns[-1]
    assert re.search(reason, told), told


def test_a_refused_text_is_written_again_with_the_reasons(world, write):
    good = with_sentence("It is a pleasure to hear from you.")
    bad = with_sentence("We guarantee it.")
    world.model.speak = lambda asked: (good if len(asked.turns) > 1 else bad)(asked)
    assert write().engine == "openai:gpt-4o"


def test_a_text_is_paid_for_once(world, write, shelf):
    first, second = write(), write()
    assert first == second
    assert len(world.model.asked) == 1
    assert len(shelf.texts) == 1
    write(SHORT)
    assert len(world.model.asked) == 2


def test_the_topic_is_the_requests_own_and_never_kept(world, write, shelf):
    cohort = Cohort(
        type=CampaignType.ANNOUNCEMENT, tone=Tone.WARM, language="en", channel=Channel.LINE
    )
    assert write(cohort, "new jazz channel").topic == "new jazz channel"
    assert write(cohort, "longer hours").topic == "longer hours"
    assert len(world.model.asked) == 1
    assert [t.topic for t in shelf.texts.values()] == [None]


def test_a_failure_is_not_kept_so_the_next_try_asks_again(world, write, shelf):
    world.model.faults = [Fault.CUT]
    assert write().fallback
    assert shelf.texts == {}


def test_the_forecast_covers_what_is_then_paid_and_nothing_for_a_kept_text(world, shelf):
    writer = ModelWriter(world.engine(), LIBRARY, shelf, house_voices().words)
    most = writer.most(MAIL, None)
    assert most is not None
    writer.write(MAIL, None, PAYER)
    used = world.purse.paid[-1].used
    assert used is not None
    assert used.input <= most.input
    assert used.output <= most.output
    assert writer.most(MAIL, None) is None


def test_the_houses_own_text_of_every_cohort_would_pass(world, write):
    failed = {c.key: t.fallback for c in GRID[::9] if (t := write(c)).fallback}
    assert failed == {}
