"""Words that nobody knows: not used where they cannot reach the audience, asked where they could."""

import pytest
from tests.ai.requests.reading import clear, read, set_aside, unclear
from tests.ai.requests.test_lost_rules import RULES
from tests.ai.requests.test_properties import same_audience

from campaigns.model.plan import CampaignType

BASES = [
    "Send renewal reminders to all Hiltons expiring in October",
    "Announce the new app to hotels in Phuket",
    "NPS survey to all restaurants in Thailand except The Rice Barn",
]
REMARKS = [
    "it's been ages",
    "the quarter draws to a close",
    "I was chatting to Khun Som",
    "we nearly forgot",
    "my boss is worrying",
    "time flies",
]
NARROWING = [
    "it has to be rustic",
    "we do rustic",
    "we are after rustic",
    "the idea is rustic",
    "let's go rustic",
    "we want luxury",
    "it must have a pool",
    "this goes to rustic",
    "we said rustic",
    "I go for charm",
    "we handle charming",
    "it's 5 star",
    "this one is for foodies",
    "I was thinking posh",
    "I mean the pilot group",
    "we only deal with boutique",
]


@pytest.mark.parametrize("remark", REMARKS)
@pytest.mark.parametrize("base", BASES)
def test_a_remark_of_ours_chooses_nobody_and_is_shown(base, remark):
    for said in (f"{base}, {remark}", f"{remark[0].upper()}{remark[1:]}. {base}"):
        plan, original = clear(said), clear(base)
        assert same_audience(plan, original)
        assert plan.type is original.type
        shown = " ".join(set_aside(plan))
        assert remark.split()[-1] in shown


@pytest.mark.parametrize("remark", NARROWING)
@pytest.mark.parametrize("base", BASES)
def test_what_may_ask_for_some_is_asked_about(base, remark):
    unclear(f"{base}, {remark}")
    unclear(f"{base}. {remark[0].upper()}{remark[1:]}.")
    unclear(f"{remark[0].upper()}{remark[1:]}: {base}")


@pytest.mark.parametrize("remark", REMARKS)
def test_a_rule_beside_a_remark_is_never_lost(remark):
    for rule in (*RULES[::15], "five star", "VIPs", "only the good ones"):
        unclear(f"Announce the new app to hotels {rule}, {remark}")
        unclear(f"Announce the new app to hotels in Phuket, {remark}, {rule}")


@pytest.mark.parametrize(
    ("request_", "idle"),
    [
        ("Send a sparkly Christmas card to hotels in Phuket", "sparkly"),
        ("Could you respectfully survey hotels in Phuket?", "respectfully"),
        ("Renewal notices are to be conveyed on hotels in Phuket", "conveyed"),
        ("Craft a survey for hotels in Phuket", "Craft"),
        ("Can you believe it, survey hotels in Phuket", "believe"),
    ],
)
def test_words_that_cannot_reach_the_audience_are_not_used(request_, idle):
    plan = clear(request_)
    assert plan.filters.city == ("Phuket",)
    shown = set_aside(plan)
    assert any(idle in words for words in shown)


@pytest.mark.parametrize(
    "request_",
    [
        "Send a Christmas card to sparkly hotels in Phuket",
        "Send Fairmont Christmas cards to hotels in Phuket",
        "Survey hotels in Phuket rustically",
        "Survey locally the hotels in Phuket",
        "Hotels that are to be served on in Phuket get a renewal",
        "Tell our upscale friends about the survey for hotels in Phuket",
        "Rustic: survey hotels in Phuket",
        "Given the sea views, survey hotels in Phuket",
        "Survey hotels with a personal touch in Phuket",
        "Send a lot of hotels in Phuket the new app",
        "Renewals to 4 hotels in Phuket",
        "Announce the app to non-Hilton and Marriott hotels in Phuket",
        "Renewals to customers in Ruritania and France",
        "Renewals to customers in Germania and France",
        "Blast the beach clubs re: summer playlists",
    ],
)
def test_the_same_shapes_where_they_may_choose_customers_are_asked(request_):
    unclear(request_)


@pytest.mark.parametrize(
    "signature",
    [
        "\nRegards, Pim (Admin)",
        "\nBest,\nJoão Pereira\nBMA",
        "\nBest,\nJoão",
        ". Thanks! Marie-Claire Dupont",
    ],
)
def test_a_signature_chooses_nobody(signature):
    plan = clear(f"Survey all malls{signature}")
    assert plan.filters.business_type == ("Shopping Mall",)


@pytest.mark.parametrize(
    "said",
    ["\nBest, Luxury", ". Best ones first", "\nRegards, VIP (Only)", "\nBest, Boutique (Key)"],
)
def test_what_only_looks_like_a_signature_is_asked(said):
    unclear(f"Survey all malls{said}")


@pytest.mark.parametrize("signed", ["boutique", "Boutique", "luxury", "vegan", "five star"])
@pytest.mark.parametrize("thanks", ["thanks", "cheers", "Best regards", "Yours sincerely"])
def test_who_signs_has_a_name_and_no_adjective(thanks, signed):
    unclear(f"Renewals for hotels in Phuket. {thanks}, {signed}")
    clear(f"Renewals for hotels in Phuket. {thanks}, Somsri")
    clear(f"Renewals for hotels in Phuket. {thanks}, P. Novak")


def test_no_remark_narrows_customers_who_are_named_by_name():
    named = "Follow up with Kaya Beach Club and Lotus & Lime"
    for remark in ("they never answered my last mail", "they went quiet", "they like jazz a lot"):
        plan = clear(f"{named}, {remark}")
        assert plan.filters.customer == ("Kaya Beach Club", "Lotus & Lime")
        assert plan.channels == ()
    unclear("Follow up with Hiltons in Phuket, they went quiet")
    unclear(f"{named}, only if they answered")
    unclear(f"{named}, they only read LINE")
    unclear(f"{named}, he should be skipped")
    unclear(f"{named}, it applies to the second")


def test_non_belongs_to_the_word_it_is_joined_to():
    plan = clear("Renewals to non-Hilton hotels in Pattaya")
    assert plan.exclude.brand == ("Hilton",)
    assert plan.filters.city == ("Pattaya",)


def test_a_typo_in_a_language_is_no_country():
    for request_ in ("Renewals to customers in Germania", "Renewals to Hiltons in Engish"):
        assert read(request_).language is None


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        ("Hotels in Phuket, offer them an upgrade", CampaignType.FOLLOW_UP),
        ("Ping Lotus & Lime again about the trial", CampaignType.FOLLOW_UP),
        ("Message Lotus & Lime about the quote we sent", CampaignType.FOLLOW_UP),
        ("Announce the upgrade to hotels in Phuket", CampaignType.ANNOUNCEMENT),
    ],
)
def test_more_of_the_same_is_sold_by_following_up(request_, kind):
    assert clear(request_).type is kind


@pytest.mark.parametrize(
    "request_",
    [
        "Chase the Centaras about the quote we sent last week",
        "Follow up with Centara about the trial we gave them last month",
        "follow up เซ็นทาราหน่อย เรื่องใบเสนอราคาที่ส่งไปอาทิตย์ก่อน",
    ],
)
def test_when_we_did_something_is_part_of_what_it_is_about(request_):
    plan = clear(request_)
    assert plan.type is CampaignType.FOLLOW_UP
    assert plan.filters.brand == ("Centara",)
    assert not plan.filters.contract_end


@pytest.mark.parametrize(
    "request_",
    [
        "Follow up with hotels in Bangkok we visited last month",
        "Follow up with hotels about the offer to those we visited last month",
        "Renewals for Centara about the quote we sent last week",
        "ต่อสัญญาลูกค้า พี่หนิง ดูแล",
        "ส่งโปรปีใหม่ให้ลูกค้าที่พี่หนิงฝากมา",
    ],
)
def test_a_past_day_or_a_name_that_may_choose_customers_is_asked(request_):
    unclear(request_)


def test_who_hands_a_request_on_in_thai_chooses_nobody():
    plan = clear("โปรสงกรานต์สำหรับโรงแรมในภูเก็ต พี่นกฝากมา")
    assert plan.filters.city == ("Phuket",)


@pytest.mark.parametrize(
    ("request_", "idle"),
    [
        ("Lena Berg asked us to survey all hotels in Phuket", "Lena Berg asked"),
        ("Christmas is coming! Tell hotels in Phuket about our xmas playlists", "coming"),
        ("I promised Khun Somsak we'd send the hotels in Phuket a survey today", "Somsak we'd"),
    ],
)
def test_who_hands_on_a_request_and_what_is_said_of_an_occasion_choose_nobody(request_, idle):
    plan = clear(request_)
    assert plan.filters.city == ("Phuket",)
    shown = set_aside(plan)
    assert any(idle in words for words in shown)


@pytest.mark.parametrize(
    "request_",
    [
        "Boutique asked us for a survey of hotels in Phuket",
        "Christmas is for luxury! Tell hotels in Phuket about our xmas playlists",
        "I promised Khun Somsak boutique hotels in Phuket a survey",
        "Renewals for hotels in Phuket. Seaside asked",
    ],
)
def test_the_same_words_in_another_place_are_asked(request_):
    unclear(request_)
