"""What a request leaves open as a whole is asked, though each of its words is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ai.requests.reading import clear, read, unclear

from campaigns.model.customer import Channel
from campaigns.model.plan import CampaignType

PEOPLE = ("hotels", "gyms in Bangkok", "Hiltons", "restaurants in Phuket and Krabi")
people = st.sampled_from(PEOPLE)


@given(people, st.sampled_from(["on my list", "on the list", "on this spreadsheet", "as listed"]))
def test_a_list_that_is_not_there_is_asked_for(some, place):
    unclear(f"Announce the new app to {some} {place}")


@given(
    st.sampled_from(["these", "the following", "the same", "the usual", "the above"]),
    st.sampled_from(["hotels", "customers", "gyms", "restaurants"]),
)
def test_customers_that_are_only_pointed_at_are_asked_for(pointing, some):
    unclear(f"Announce the new app to {pointing} {some}")


def test_customers_that_are_named_may_be_pointed_at():
    plan = clear("Renewal for these customers: Hilton Pattaya and Kaya Beach Club")
    assert plan.filters.customer == ("Hilton Pattaya", "Kaya Beach Club")


@given(
    people,
    st.sampled_from(
        ["I'll pick them", "we will decide which", "you choose", "names to follow", "TBC"]
    ),
)
def test_a_choice_that_is_put_off_is_asked_for(some, later):
    unclear(f"Announce the new app to {some}, {later}")


@given(st.sampled_from(["half", "most", "some", "a few", "a third"]), people)
def test_a_part_of_them_is_not_all_of_them(part, some):
    unclear(f"Announce the new app to {part} of the {some}")


@given(
    st.sampled_from(["pause", "delay", "abort", "halt", "postpone", "Please scrap", "Hi, suspend"]),
    st.sampled_from(["renewal", "survey", "Christmas campaign"]),
    people,
)
def test_what_stops_a_campaign_begins_none(verb, campaign, some):
    unclear(f"{verb} the {campaign} for {some}")


@pytest.mark.parametrize(
    "question",
    [
        "Which Hiltons expire in October?",
        "Show me the renewals in Phuket",
        "List all hotels expiring in October",
        "Should we send a renewal to Hiltons?",
        "Is the survey for hotels in Phuket ready?",
        "Have we got renewals for gyms in October?",
        "How many Hiltons have a renewal in October?",
    ],
)
def test_a_question_to_us_is_no_order(question):
    unclear(question)


def test_an_order_behind_a_question_is_one():
    plan = clear("Which Hiltons expire in October? Send them a renewal")
    assert plan.type is CampaignType.RENEWAL


@pytest.mark.parametrize("doubt", ["or maybe", "and perhaps", ", possibly"])
def test_what_may_be_in_is_asked_for(doubt):
    unclear(f"Announce the new app to hotels {doubt} only the beach clubs")
    unclear(f"Renewal for Hiltons in Phuket {doubt} Krabi")


@pytest.mark.parametrize(
    "channels",
    ["by email, no emails please", "only on WhatsApp but by email", "by WhatsApp, not by WhatsApp"],
)
def test_a_channel_that_is_wanted_and_not_is_asked_for(channels):
    unclear(f"Announce the new app to Hiltons {channels}")


def test_a_channel_that_is_only_refused_leaves_the_others():
    plan = clear("Announce the new app to Hiltons, but not by WhatsApp")
    assert Channel.WHATSAPP not in plan.channels


@pytest.mark.parametrize(
    "request_",
    [
        "Let Hilton Pattaya know we're waiting for their decision",
        "Inform Hiltons that our quote is still open",
        "Tell Hiltons our offer still stands",
        "Remind the Marriotts that our proposal is still unanswered",
        "Following up on the offer we sent to Hiltons",
        "Circle back to all gyms on the proposal",
        "Follow up with wine bars in Bangkok about the offer we sent",
    ],
)
def test_what_waits_for_an_answer_is_followed_up(request_):
    assert clear(request_).type is CampaignType.FOLLOW_UP


@pytest.mark.parametrize(
    "request_",
    [
        "Present the proposal to Hilton Pattaya",
        "Introduce a second zone to single-zone hotels",
        "Invite Hiltons to talk about more zones",
        "Explain the benefits of more zones to small hotels",
        "Share the quote with Hilton Pattaya",
    ],
)
def test_what_may_announce_or_follow_up_is_asked(request_):
    assert unclear(request_).type is None


def test_who_writes_announce_has_said_which():
    plan = read("Announce more zones at no cost to all hotels in Phuket")
    assert plan.type is CampaignType.ANNOUNCEMENT
    clear("Announce the new app to all hotels in Phuket")
