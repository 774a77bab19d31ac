"""Who is left out: every way to say it, and what no exclusion can hold."""

import pytest
from tests.ai.requests.reading import clear, unclear


@pytest.mark.parametrize(
    "words",
    [
        "except Conrad",
        "excluding Conrad",
        "but not Conrad",
        "not Conrad",
        "minus Conrad",
        "without Conrad",
        "other than Conrad",
        "apart from the Conrads",
        "with the exception of Conrad",
        "leaving out Conrad",
        "skip Conrad",
        "(not Conrad)",
        "exept Conrad",
    ],
)
def test_there_are_many_words_for_except(words):
    plan = clear(f"Survey to all hotels in Bangkok, {words}")
    assert plan.exclude.brand == ("Conrad",)
    assert plan.filters.brand == ()
    assert plan.filters.city == ("Bangkok",)


@pytest.mark.parametrize(
    "words",
    ["ยกเว้น", "ยกเว้น ", "ไม่รวม", "นอกจาก", "เว้น", "แต่ไม่รวม", "ที่ไม่ใช่", "ไม่เอา"],
)
def test_there_are_many_words_for_except_in_thai(words):
    plan = clear(f"ต่อสัญญาโรงแรมในพัทยา{words}ฮิลตัน")
    assert plan.exclude.brand == ("Hilton",)
    assert plan.filters.brand == ()


@pytest.mark.parametrize(
    "request_",
    [
        "Everyone but gyms gets the survey",
        "Survey to everyone except gyms",
        "Survey all customers minus gyms",
        "All customers other than gyms: survey",
        "Exclude gyms. Survey all customers.",
    ],
)
def test_everyone_but_some_is_everyone_and_an_exclusion(request_):
    plan = clear(request_)
    assert plan.everyone
    assert plan.exclude.business_type == ("Fitness",)
    assert not plan.filters


def test_an_exclusion_may_come_first():
    plan = clear("Skip Phuket and Krabi. Renewals for all hotels in Thailand.")
    assert plan.exclude.city == ("Phuket", "Krabi")
    assert plan.filters.country == ("Thailand",)


def test_an_exclusion_ends_where_the_sentence_turns_back():
    plan = clear("Everyone except Marriott and Hilton gets the new year offer by email")
    assert plan.exclude.brand == ("Marriott", "Hilton")
    assert plan.occasion == "new_year"


def test_the_list_of_an_exclusion_goes_on_over_commas():
    plan = clear("Renewal to all except beach clubs, malls and gyms")
    assert plan.exclude.business_type == ("Beach Club", "Shopping Mall", "Fitness")


def test_those_in_a_place_are_the_place():
    plan = clear("Survey to all hotels in Thailand except those in Phuket")
    assert plan.exclude.city == ("Phuket",)


def test_what_everybody_in_the_audience_is_says_nothing_in_an_exclusion():
    plan = clear("Survey to all hotels in Thailand except hotels in Phuket")
    assert plan.exclude.city == ("Phuket",)
    assert plan.exclude.business_type == ()


@pytest.mark.parametrize(
    "request_",
    [
        # narrower than a union of exclusions
        "Survey to everyone except Hiltons in Bangkok",
        "Survey to everyone but hotels in Phuket",
        "Survey to all hotels except Hiltons expiring in October",
        # on which side does the rest stand?
        "Skip Phuket, hotels in Thailand get the survey",
        "Survey to all hotels except Hiltons in Thailand",
        "ต่อสัญญาโรงแรมในไทยยกเว้นภูเก็ตที่หมดอายุเดือนตุลาคม",
        # nothing to exclude
        "Survey to all hotels except",
        "Survey to all hotels but not",
        "Survey to all hotels except the grumpy ones",
        # a denial is no exclusion
        "Survey to hotels without a contract end",
        "Survey to hotels that have not answered",
        "Survey to hotels with no discount",
        "Do not send anything to hotels in Bangkok",
        "Never send a survey to hotels",
        # both in and out
        "Survey to Hilton but not Hilton",
        # only an exclusion says who does not get it, not who does
        "Survey, but not to the Hiltons",
    ],
)
def test_an_exclusion_that_cannot_be_told_is_asked_about(request_):
    unclear(request_)


@pytest.mark.parametrize("words", ["except", "without", "minus", "ยกเว้น"])
def test_an_exclusion_never_ends_up_among_those_included(words):
    plan = clear(f"Survey to all hotels in Thailand {words} Phuket")
    assert "Phuket" not in plan.filters.city
    assert plan.exclude.city == ("Phuket",)


@pytest.mark.parametrize(
    "request_",
    [
        "Halloween offer for Bangkok restaurants, and nobody in Thailand",
        "Renewals for the DoubleTrees, but leave out everything Hilton",
        "Announce the app to hotels in Phuket and Singapore, except Thailand",
        "Survey to all hotels in Thailand but not in Asia Pacific",
    ],
)
def test_to_leave_out_the_whole_of_what_is_wanted_is_asked_about(request_):
    unclear(request_)


def test_to_leave_out_a_part_of_what_is_wanted_is_clear():
    assert clear("Survey to all hotels in Thailand except Phuket").exclude.city == ("Phuket",)
