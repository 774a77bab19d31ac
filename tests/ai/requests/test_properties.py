"""What must hold for any request at all."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ai.requests.reading import NOW, READER, WORDS, clear, read, unclear
from tests.evals.requests import own_cases
from tests.machine import slowness

from campaigns.model.plan import Attribute

CLEAR = [
    "Send renewal reminders to all Hiltons expiring in October",
    "NPS survey to all restaurants in Thailand except The Rice Barn",
    "Announce the new app to hotels in Europe and Africa, by email only",
    "Everyone except Marriott and Hilton gets the new year offer",
    "Christmas playlist promotion to all beach clubs in Thailand",
    "Survey to hotels with at least 8 zones outside Asia",
    "ส่งข้อความต่อสัญญาให้ลูกค้าในกรุงเทพที่หมดอายุเดือนตุลาคม",
    "ส่งโปรสงกรานต์ให้ร้านกาแฟกับบีชคลับพรุ่งนี้ 9 โมง",
]
GIBBERISH = st.text("bcdfghjklmnpqrstvwxz", min_size=7, max_size=12)
SEEN = [case.request for case in own_cases() if case.split == "seen"]
WORDS_OF_REQUESTS = sorted({word for request in SEEN for word in request.split()})


def same_audience(one, other):
    return all(
        set(getattr(one.filters, a.value)) == set(getattr(other.filters, a.value))
        and set(getattr(one.exclude, a.value)) == set(getattr(other.exclude, a.value))
        for a in Attribute
    )


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CLEAR), GIBBERISH, st.integers(0, 12), st.booleans())
def test_gibberish_anywhere_never_changes_the_audience_of_a_clear_plan(request_, word, at, quoted):
    parts = request_.split(" ")
    parts.insert(min(at, len(parts)), f"“{word}”" if quoted else word)
    plan = read(" ".join(parts))
    original = clear(request_)
    if plan.is_clear:  # the word stands inside the topic
        assert same_audience(plan, original)
        assert plan.everyone == original.everyone
        assert word in (plan.context or "")
    else:
        assert any(word in words for words in plan.not_understood) or plan.questions


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CLEAR), GIBBERISH)
def test_gibberish_behind_a_clear_request_is_not_understood(request_, word):
    plan = read(f"{request_} {word}")
    if plan.is_clear:
        assert word in plan.context
        assert same_audience(plan, clear(request_))
    else:
        assert any(word in words for words in plan.not_understood)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(CLEAR), st.integers(2, 99_999), st.integers(0, 12))
def test_a_number_is_explained_or_blocks(request_, number, at):
    parts = request_.split(" ")
    parts.insert(min(at, len(parts)), str(number))
    plan = read(" ".join(parts))
    if plan.is_clear:
        told = " ".join([*(u.words for u in plan.understood), plan.context or ""])
        assert re.search(rf"(?<!\d){number}(?!\d)", told), plan


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS_OF_REQUESTS), max_size=12).map(" ".join))
def test_any_mix_of_known_words_gives_a_plan_that_survives_its_own_check(request_):
    plan = read(request_)
    assert READER.verify(request_, plan, WORDS, NOW) == plan
    assert not (plan.everyone and plan.filters)
    for words in plan.not_understood:
        assert words in request_
    for understood in plan.understood:
        assert understood.words in request_


@pytest.mark.parametrize("request_", SEEN)
def test_checking_twice_is_checking_once(request_):
    plan = read(request_)
    once = READER.verify(request_, plan, WORDS, NOW)
    assert once == plan
    assert READER.verify(request_, once, WORDS, NOW) == once


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(max_codepoint=0x2FFF), max_size=60))
def test_any_text_at_all_gives_a_plan(request_):
    plan = read(request_)
    assert not plan.everyone or "all" in request_.lower() or "every" in request_.lower()


@pytest.mark.parametrize(
    "request_",
    [
        "",
        "   \n\t ",
        "\x00\x01\x02\u200b\ufeff",
        "🔥🔥🔥",
        "?" * 500,
        "9" * 1500,
        "ก" * 1900,
        "a b " * 400,
        "survey to hotels in " * 90,
        "except " * 250,
        "((((" * 300,
        "x" * 100_000,
        "send the survey to all hotels " * 3_500,
        "\ud800 survey",
    ],
    ids=lambda text: f"{len(text)} characters",
)
def test_empty_hostile_and_overlong_text_asks_and_is_fast(request_):
    limit_s = 3 * slowness()
    started = time.process_time()
    unclear(request_)
    assert time.process_time() - started < limit_s


def test_the_longest_request_says_how_long_it_may_be():
    plan = unclear("survey to all hotels " * 200)
    assert "2,000" in plan.questions[0].text
    assert len(plan.not_understood[0]) < 100
