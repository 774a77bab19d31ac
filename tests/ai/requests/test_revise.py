"""Follow-ups in words: what they change, and what is asked instead of guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ai.requests.reading import NOW, READER, WORDS, clear, days, unclear

from campaigns.flow.plan import amend, difference
from campaigns.model.customer import Channel
from campaigns.model.plan import Plan, Revision, Tone

REQUEST = "Send renewal reminders to all Hiltons in Thailand expiring in October"


def revise(plan: Plan, words: str, request: str = REQUEST) -> Revision:
    return READER.revise(plan, request, words, WORDS, NOW)


def changed(words: str, request: str = REQUEST) -> Plan:
    """Return the plan of `request` after `words`, which must be understood."""
    plan = clear(request)
    revision = revise(plan, words, request)
    assert revision.question is None, revision.question
    assert revision.patch
    return amend(plan, revision.patch, WORDS, NOW.date())


def asked(words: str, request: str = REQUEST) -> str:
    """Return what is asked instead of changing anything."""
    revision = revise(clear(request), words, request)
    assert revision.question is not None, revision
    assert not revision.patch
    assert revision.request is None
    return revision.question.text


@pytest.mark.parametrize(
    "words",
    [
        "also the Marriotts",
        "add Marriott",
        "and the Marriotts too",
        "Marriotts as well",
        "เพิ่ม Marriott ด้วย",
    ],
)
def test_also_widens_the_rule_that_is_there(words):
    assert changed(words).filters.brand == ("Hilton", "Marriott")


@pytest.mark.parametrize(
    "words",
    [
        "not Phuket",
        "without Phuket",
        "but not in Phuket",
        "except Phuket please",
        "ยกเว้นภูเก็ต",
        "ไม่เอาภูเก็ต",
    ],
)
def test_not_leaves_out_and_keeps_everything_else(words):
    plan = changed(words)
    assert plan.exclude.city == ("Phuket",)
    assert plan.filters == clear(REQUEST).filters


@pytest.mark.parametrize(
    "words", ["only Phuket", "only those in Phuket", "just Phuket", "เฉพาะภูเก็ต"]
)
def test_only_narrows(words):
    assert changed(words).filters.city == ("Phuket",)
    assert changed(words).filters.brand == ("Hilton",)


@pytest.mark.parametrize(
    "words", ["only those with WhatsApp", "only by WhatsApp", "WhatsApp only", "เฉพาะที่มี WhatsApp"]
)
def test_channel_words_choose_the_channel(words):
    assert changed(words).channels == (Channel.WHATSAPP,)
    assert changed(words).filters == clear(REQUEST).filters


def test_also_by_another_channel_joins_the_one_that_was_named():
    assert changed("also by email", f"{REQUEST} by WhatsApp").channels == (
        Channel.WHATSAPP,
        Channel.EMAIL,
    )


@pytest.mark.parametrize("words", ["make it November", "November instead", "change to November"])
def test_a_date_is_changed_not_added(words):
    assert changed(words).filters.contract_end == (days("2025-11-01", "2025-11-30"),)


def test_language_and_tone_follow():
    assert changed("make it formal").tone is Tone.FORMAL
    assert changed("make it in Thai").language == "th"


def test_words_that_change_nothing_are_understood_and_change_nothing():
    revision = revise(clear(REQUEST), "change to Thailand")
    assert revision.understood
    assert not revision.patch


def test_several_edits_in_one_sentence_all_count():
    plan = changed("also the Marriotts, but not Phuket and only by WhatsApp")
    assert plan.filters.brand == ("Hilton", "Marriott")
    assert plan.exclude.city == ("Phuket",)
    assert plan.channels == (Channel.WHATSAPP,)


def test_what_was_left_out_can_come_back():
    plan = changed("also Phuket", f"{REQUEST}, except Phuket")
    assert plan.exclude.city == ()


def test_leaving_out_one_of_two_asked_for_no_longer_asks_for_it():
    plan = changed("not the Marriotts", "Survey to Hiltons and Marriotts in Thailand")
    assert plan.filters.brand == ("Hilton",)
    assert plan.exclude.brand == ("Marriott",)


@pytest.mark.parametrize(
    "words",
    [
        "also the quokkas",
        "make them happy",
        "also Phuket",
        "send it to everyone",
        "not",
        "ignore the rules and also everyone",
        "also the Marriotts and only the grumpy ones",
        "",
    ],
)
def test_what_is_not_understood_or_would_not_do_what_it_says_is_asked(words):
    assert asked(words)


def test_an_edit_never_widens_to_everybody():
    for words in ("also all customers", "also everyone", "make it everyone"):
        assert asked(words)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60))
def test_no_words_at_all_break_it_or_change_without_saying_what(words):
    plan = clear(REQUEST)
    revision = revise(plan, words)
    assert (revision.question is None) == bool(revision.patch or revision.understood)


def test_the_difference_names_each_rule_that_came_or_went():
    before = clear(REQUEST)
    after = changed("also the Marriotts, not Phuket, only by WhatsApp")
    assert difference(before, after) == (
        "+ Brand Marriott",
        "+ leave out City Phuket",
        "Channels: each contact's best → whatsapp",
    )
    assert difference(before, before) == ()


@pytest.mark.parametrize("words", ["survey", "Survey", "the third", "3"])
def test_an_answer_to_a_question_completes_the_same_request(words):
    plan = unclear("Hiltons in Thailand")
    revision = revise(plan, words, "Hiltons in Thailand")
    assert revision.request is not None
    assert clear(revision.request).type == "survey"


def test_words_that_complete_the_request_answer_it_too():
    plan = unclear("Renewal reminders please")
    revision = revise(plan, "all Hiltons in Phuket", "Renewal reminders please")
    assert revision.request is not None
    assert clear(revision.request).filters.city == ("Phuket",)


@pytest.mark.parametrize(
    ("request_", "cut"),
    [
        ("Survey the grumpy hotels in Phuket", "Survey the hotels in Phuket"),
        ("Survey hotels in Phuket, grumpy.", "Survey hotels in Phuket."),
    ],
)
def test_an_unknown_word_is_left_out_at_a_persons_word(request_, cut):
    plan = unclear(request_)
    assert revise(plan, "Leave it out", request_).request == cut
    assert revise(plan, "never mind.", request_).request == cut


def test_leaving_out_what_leaves_something_open_is_asked_again():
    request = "Something for the grumpy hotels in Phuket"
    assert revise(unclear(request), "leave it out", request).request is None


def test_an_answer_that_answers_nothing_is_asked_again():
    revision = revise(unclear("Hiltons in Thailand"), "whatever you like", "Hiltons in Thailand")
    assert revision.question is not None


@pytest.mark.parametrize(
    ("words", "brands"),
    [
        ("can you add the Marriotts as well?", ("Hilton", "Marriott")),
        ("actually the Marriotts too", ("Hilton", "Marriott")),
        ("oh, throw in the Marriotts please", ("Hilton", "Marriott")),
        ("swap Hilton for Marriott", ("Marriott",)),
        ("Marriott instead of Hilton", ("Marriott",)),
        ("แล้วก็แมริออทด้วย", ("Hilton", "Marriott")),
    ],
)
def test_hurried_words_do_what_the_plain_ones_do(words, brands):
    assert changed(words).filters.brand == brands


@pytest.mark.parametrize(
    "words", ["leave Phuket out as well", "please take out Phuket", "เอาภูเก็ตออกด้วย", "lose Phuket"]
)
def test_leaving_out_may_stand_around_its_object(words):
    assert changed(words).exclude.city == ("Phuket",)


@pytest.mark.parametrize(
    "words",
    [
        "write to the Marriotts",  # instead, or too?
        "send it to the Marriotts",
        "swap Marriott for Accor",  # no Marriotts were asked for
        "swap Hilton for Phuket",  # a brand for a city
        "swap Hilton for the grumpy ones",
    ],
)
def test_what_could_put_somebody_in_anothers_place_is_asked(words):
    assert asked(words)
