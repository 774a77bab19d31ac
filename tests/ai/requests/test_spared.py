"""Clauses that leave somebody out without a word for it, and values that somebody takes back."""

import pytest
from tests.ai.requests.reading import clear, days, set_aside, unclear

HOTELS = "Renewals for hotels in Thailand expiring in October"


@pytest.mark.parametrize(
    "clause",
    [
        *(", and leave Pattaya alone", ". Leave Pattaya out of it please.", ", nothing to Pattaya"),
        *(". Nothing for Pattaya please.", ". Hands off Pattaya", ", but spare Pattaya"),
        *(", keep Pattaya out of this", ". Let Pattaya be.", ". No need to write to Pattaya."),
        *(", Pattaya is off limits", " (Pattaya can be left out)", ". Pattaya is done already."),
        *(". Pattaya had theirs in July.", ". Pattaya already got it", ". Pattaya not included"),
        ". Pattaya doesn't need it",
        *(" but Pattaya is off limits", "\nForget Pattaya"),
    ],
)
def test_who_is_spared_is_left_out(clause):
    plan = clear(HOTELS + clause)
    assert plan.exclude.city == ("Pattaya",)
    assert plan.filters.city == ()
    assert plan.filters.country == ("Thailand",)


@pytest.mark.parametrize("clause", [" พัทยาไม่ต้องนะคะ", " พัทยาข้ามไปก่อน", " พัทยาได้ไปแล้ว"])
def test_who_is_spared_in_thai_is_left_out(clause):
    plan = clear(f"ส่งแจ้งต่อสัญญาโรงแรมในไทยที่หมดเดือนตุลาคม{clause}")
    assert (plan.exclude.city, plan.filters.city) == (("Pattaya",), ())


@pytest.mark.parametrize(
    "sentence",
    [
        "Pattaya has a new manager, so not them.",
        "Pattaya is sorted, so leave that one out",
        "Those in Pattaya can't use it, please skip them.",
        "Pattaya goes through our director, don't include them",
    ],
)
def test_who_a_pronoun_leaves_out_stands_before_it(sentence):
    plan = clear(f"{HOTELS}. {sentence}")
    assert (plan.exclude.city, plan.filters.city) == (("Pattaya",), ())


@pytest.mark.parametrize(
    "request_",
    [
        f"{HOTELS}, but not the Hiltons, they had theirs already.",
        f"{HOTELS}, except the Hiltons, head office handles them",
        f"{HOTELS}. Skip the Hiltons. They got theirs in July.",
    ],
)
def test_why_somebody_is_left_out_is_not_used(request_):
    assert clear(request_).exclude.brand == ("Hilton",)


def test_behind_only_the_rest_is_out_already():
    plan = clear("Please survey our restaurants. Only Phuket and Krabi, the rest can wait.")
    assert plan.filters.city == ("Phuket", "Krabi")


@pytest.mark.parametrize(
    "request_",
    [
        f"{HOTELS}. They had theirs already.",
        f"{HOTELS}. The rest can wait.",
        f"{HOTELS}. Nobody else.",
        f"{HOTELS}. Head office handles them.",
        f"{HOTELS}. Pattaya is in, Krabi is nice, so not them.",  # Krabi, or both?
        f"{HOTELS}. It is nice in Pattaya. Leave them alone.",
    ],
)
def test_nobody_is_left_out_by_words_that_name_nobody(request_):
    unclear(request_)


def test_several_are_spared_at_once():
    plan = clear(f"{HOTELS}. Leave the Hiltons and the Novotels alone.")
    assert plan.exclude.brand == ("Hilton", "Novotel")
    plan = clear(f"{HOTELS}. Krabi and Phuket had theirs already.")
    assert plan.exclude.city == ("Krabi", "Phuket")


def test_what_is_said_besides_is_shown_as_not_used():
    assert set_aside(clear(f"{HOTELS}. Pattaya had theirs in July.")) == ["had theirs in July"]


def test_who_was_left_out_already_may_have_had_theirs():
    plan = clear("NPS survey to all malls except Bangkok. Bangkok had theirs in July.")
    assert (plan.exclude.city, plan.filters.city) == (("Bangkok",), ())


@pytest.mark.parametrize(
    "request_",
    [
        "Survey the hotels in Pattaya. Pattaya had theirs in July.",  # in and out
        f"{HOTELS}. Leave the chain in Pattaya alone.",
        f"{HOTELS}. Pattaya is done by Friday.",
        f"{HOTELS}. Pattaya is out of date.",
        f"{HOTELS}. Let Pattaya be first.",
        f"{HOTELS}. Leave Pattaya alone with the old ones.",
        f"{HOTELS}. If Pattaya is done, send it.",
    ],
)
def test_what_only_begins_like_such_a_clause_is_asked(request_):
    unclear(request_)


def test_nothing_but_a_place_is_that_place_alone():
    assert clear(f"{HOTELS}. Nothing but Pattaya.").filters.city == ("Pattaya",)


def test_everywhere_but_a_place_is_an_exclusion():
    plan = clear("Halloween playlist offer, everywhere but Bangkok: coffee shops, malls")
    assert (plan.exclude.city, plan.filters.city) == (("Bangkok",), ())
    assert plan.filters.business_type == ("Coffee Shop", "Shopping Mall")


@pytest.mark.parametrize(
    "taken_back",
    [
        ". Sorry, November I mean.",
        ". I mean November",
        ", no wait, November",
        " - make that November",
        "... scratch that, November",
        ". Oops, I meant November please",
        ". Correction: November",
        ", but actually make it November",
    ],
)
def test_a_period_that_is_taken_back_is_replaced(taken_back):
    plan = clear(HOTELS + taken_back)
    assert plan.filters.contract_end == (days("2025-11-01", "2025-11-30"),)
    assert any("corrects" in note for note in plan.assumptions)


def test_a_value_that_is_taken_back_is_replaced():
    plan = clear("Renewals for the Hiltons in Phuket expiring in October. Oops, I mean Krabi.")
    assert plan.filters.city == ("Krabi",)
    assert any("corrects" in note for note in plan.assumptions)
    plan = clear("Survey the malls, no wait, the gyms")
    assert plan.filters.business_type == ("Fitness",)


@pytest.mark.parametrize(
    "request_",
    [
        "Survey the malls. Sorry, the gyms.",  # instead, or as well?
        "Survey the malls and restaurants. I mean the gyms.",  # which of the two?
        "Survey the malls. I mean Bangkok.",  # of another kind: narrower, or another?
        f"{HOTELS}. I mean the nice ones.",
        f"{HOTELS}. I mean November and December",
    ],
)
def test_a_correction_that_could_be_another_is_asked(request_):
    unclear(request_)
