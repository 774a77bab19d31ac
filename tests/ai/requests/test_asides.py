"""Clauses about the message or its writer choose nobody, and nobody is lost in one."""

import pytest
from tests.ai.requests.reading import clear, read, unclear
from tests.ai.requests.test_lost_rules import RULES
from tests.ai.requests.test_properties import same_audience

from campaigns.model.plan import CampaignType

BASES = [
    "Send renewal reminders to all Hiltons expiring in October",
    "Announce the new app to hotels in Phuket",
    "NPS survey to all restaurants in Thailand except The Rice Barn",
]
ASIDES = [
    "mention the new playlist feature and the dashboard",
    "tell them prices stay the same",
    "don't mention the price",
    "thank them for 5 years with us",
    "ask them if they need help",
    "keep it under 100 words",
    "nothing too salesy",
    "sign it as Nok from customer success",
    "cc me",
    "let me know once it is out",
    "because head office is getting nervous",
    "so they can prepare early",
    "to boost our numbers a bit",
    "they care about it a lot",
    "good news for once",
    "no worries if it is a bit long",
    "on behalf of the management",
]
TONES = ["spooky please", "nothing fancy", "nice formal tone pls", "fun tone", "a santa emoji"]
HEADS = [
    "Fwd: from Khun Somchai -",
    "FW:",
    "Below from the director.",
    "As per discussion with Mr. Rao,",
    "Passing this on from sales:",
    "My boss says:",
]
BEFORE = ["Hope you had a great weekend", "Sorry for the rush", "Quick one", "As we discussed"]


@pytest.mark.parametrize("aside", ASIDES)
@pytest.mark.parametrize("joint", [", ", ". ", " - ", "; ", "\n"])
def test_what_is_said_of_the_message_leaves_the_audience_as_it_was(aside, joint):
    for base in BASES:
        plan, original = clear(f"{base}{joint}{aside}"), clear(base)
        assert same_audience(plan, original)
        assert plan.type is original.type
        told = " ".join([*(u.words for u in plan.understood), plan.context or ""])
        assert aside.split(" ", maxsplit=1)[1] in told  # and a person sees it


@pytest.mark.parametrize("before", BEFORE)
def test_small_talk_before_a_request_is_no_part_of_it(before):
    for base in BASES:
        assert same_audience(clear(f"{before}. {base}"), clear(base))


@pytest.mark.parametrize("aside", ASIDES)
def test_a_rule_before_or_behind_such_a_clause_is_never_lost(aside):
    for rule in (*RULES[::12], "five star", "VIPs", "only the good ones", "not the rude ones"):
        unclear(f"Announce the new app to hotels {rule}, {aside}")
        unclear(f"Announce the new app to hotels in Phuket, {aside}. Only {rule}")


@pytest.mark.parametrize(
    "rule",
    ["five star", "VIPs only", "only VIPs", "except VIPs", "but not VIPs", "vegan ones", "no VIPs"],
)
@pytest.mark.parametrize("aside", ASIDES)
def test_what_follows_by_a_comma_is_not_taken_into_it(aside, rule):
    unclear(f"Announce the new app to hotels in Phuket, {aside}, {rule}")


@pytest.mark.parametrize(
    "clause",
    [
        "tell them with pools about it",
        "mention it only to VIPs",
        "offer a discount to VIPs",
        "tell those who complained that it works",
        "keep it to vegans only",
        "ask the ones with pools",
        "mention the app if they paid",
        "and don't include vegans",
    ],
)
def test_a_clause_that_could_choose_customers_is_none(clause):
    unclear(f"Announce the new app to hotels in Phuket, {clause}")


def test_customers_named_in_such_a_clause_are_still_meant():
    plan = read("Mention the new app to all Hiltons in Phuket")
    assert plan.filters.brand == ("Hilton",)
    unclear("Tell them we moved")  # nobody is named at all


def test_a_note_for_the_writer_is_told_as_one():
    plan = clear("Renewals for Hiltons in October, cc me")
    notes = [u.words for u in plan.understood if u.meaning.startswith("A note")]
    assert notes == ["cc me"]
    assert plan.context is None


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        ("Tell everyone our office is closed for Songkran", CampaignType.ANNOUNCEMENT),
        ("Let all hotels know we are closed on Christmas Day", CampaignType.ANNOUNCEMENT),
        ("Songkran wishes to all hotels", CampaignType.SEASONAL),
        ("Tell hotels in Phuket about the survey results", CampaignType.ANNOUNCEMENT),
        ("Survey hotels in Phuket", CampaignType.SURVEY),
    ],
)
def test_the_kind_is_that_of_the_message_and_not_of_what_it_names(request_, kind):
    assert clear(request_).type is kind


@pytest.mark.parametrize(
    "request_",
    [
        "Thank all hotels in Phuket for their feedback",
        "Email Hilton Pattaya to ask about the new zones",
        "Remind Hiltons about the quote",
    ],
)
def test_a_kind_that_nobody_said_is_asked(request_):
    assert unclear(request_).type is None


@pytest.mark.parametrize("tone", TONES)
def test_how_it_should_sound_is_a_clause_of_its_own(tone):
    for base in BASES:
        assert same_audience(clear(f"{base}, {tone}"), clear(base))
        unclear(f"{base}, {tone} rooftops")
        unclear(f"{base}, {tone}, VIPs")


@pytest.mark.parametrize("head", HEADS)
def test_who_it_comes_from_chooses_nobody(head):
    for base in BASES:
        assert same_audience(clear(f"{head} {base}"), clear(base))
        unclear(f"{base}. {head.rstrip(',:-.')} VIPs")


@pytest.mark.parametrize(
    "head", ["From Phuket hotels:", "From the good ones,", "From VIPs:", "From five-star hotels,"]
)
def test_a_head_that_could_name_customers_is_none(head):
    plan = read(f"{head} renewals for Hiltons")
    assert not plan.is_clear or plan.filters.city or plan.filters.business_type


@pytest.mark.parametrize("joint", ["because", "so they", "in order to", "to boost"])
@pytest.mark.parametrize(
    "rule",
    ["loyal", "five-star", "VIP", "family-run", "unhappy", "late-paying", "newest", "rooftop"],
)
def test_a_word_before_customers_is_asked_whatever_reason_follows(joint, rule):
    unclear(f"Announce the new app to {rule} hotels in Phuket {joint} can plan ahead")
    unclear(f"Announce the new app to hotels with {rule} pools in Phuket, {joint} can plan ahead")
    unclear(f"Announce the new app to hotels in Phuket that are {rule} {joint} can plan ahead")


@pytest.mark.parametrize("reason", ["because they matter", "so they can plan", "to boost sales"])
@pytest.mark.parametrize(
    "rule", ["only the loyal ones", "except VIPs", "for VIPs", "if they paid", "not the rude ones"]
)
def test_a_rule_inside_a_reason_is_never_lost(reason, rule):
    unclear(f"Announce the new app to hotels in Phuket {reason}, {rule}")
    unclear(f"Announce the new app to hotels in Phuket {reason} {rule}")


@pytest.mark.parametrize("since", ["since our launch", "since we met", "as our partners"])
def test_a_reason_that_may_be_a_rule_has_to_begin_its_clause(since):
    unclear(f"Announce the new app to customers {since}")
