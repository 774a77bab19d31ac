"""What a person writes around the facts passes where it states nothing, and blocks in the same
shape with a claim inside.
"""

import pytest
from tests.core.test_guard import GOOD_TH, failed, swapped

from campaigns.flow.guard import check_prose


def said(sentence: str) -> list[tuple[str, str | None]]:
    """Return what fails of a message that is right, with `sentence` put into it."""
    return failed(swapped("Reply YES.", f"{sentence} Reply YES."))


def said_in_thai(sentence: str) -> list[tuple[str, str | None]]:
    return failed(swapped("ตอบ YES", f"{sentence} ตอบ YES", GOOD_TH), language="th")


# Each class of sentences that state nothing, and the same shape with a claim in it.
PAIRS = [
    # a denial in a question or after "if"
    ("If anything here is not clear, tell us.", "If you have not paid, tell us."),
    ("If you'd rather not, that is fine.", "If you'd rather not, the music stops."),
    ("Any track you never want to hear again?", "Fancy music that never repeats?"),
    ("Not your department?", "Not happy with your old provider?"),
    ("What is working and what is not?", "Why do your guests not come back?"),
    ("Not sure?", "Isn't silence awful?"),
    # who writes, and what they would like
    ("We would be delighted to suggest something.", "We would be delighted to waive the fee."),
    ("I'd be glad to hop on a call.", "I'd be glad to throw in a zone."),
    ("We're itching to tell you.", "We're itching to refund you."),
    ("It would be our pleasure to help.", "It would be our pleasure to match any quote."),
    ("We shall be most grateful.", "We have the most songs."),
    ("I will check for you.", "I will check your speakers."),
    ("I shall telephone you.", "I shall telephone your chef."),
    ("Happy to wait for your word.", "Happy to cut your rate."),
    ("Glad to hear from you.", "Glad to hear that you want to renew."),
    # thanks and excuses
    ("Thank you for your time.", "Thank you for your order."),
    ("Thanks for taking the time to read this.", "Thanks for taking the time to meet us."),
    ("Sorry for the nudge.", "Sorry for the outage."),
    ("Sorry to bother you.", "Sorry about the weekend."),
    # what is asked, wondered or hoped
    ("Tell us what you would change.", "Tell us what you paid elsewhere."),
    ("I wonder how you feel about the music.", "I know how much your guests spend."),
    ("Hope I'm not catching you at a bad moment.", "Hope you are not behind on payments."),
    ("Would you recommend us?", "Would you recommend us for the gift we sent?"),
    ("Are your guests humming along?", "Are you still unhappy with us?"),
    ("Shall we dress up the playlists?", "Shall we keep the gift we brought?"),
    ("How did the weekend go?", "Did the party go well?"),
    # suggestions
    ("You might like something festive.", "You might want your money back."),
    ("A touch of jazz might be nice.", "A nice surprise might be waiting for you."),
    ("We could try a different style.", "We could start by cutting the rate."),
    # the message, the answer, the reader's time
    ("It's us again.", "It's us who fixed it."),
    ("Any comment is welcome.", "Any comment is welcome and rewarded."),
    ("Your answer helps us improve.", "Your answer wins a prize."),
    ("Your opinion would mean a lot to us.", "Your opinion would mean a free night."),
    ("The choice is yours.", "The gift is yours."),
    ("We know your days are busy.", "We know your neighbours are busy."),
    ("A short reply would be appreciated.", "A short reply would be rewarded."),
    ("Please ignore this message if you have replied.", "Please ignore the rise in prices."),
    ("This will only take a moment.", "Setting it up takes a day."),
    ("Here are the details.", "Here is your refund."),
    ("We have a question for you.", "We have a discount for you."),
    ("Forward this to your manager, please.", "Your manager forwarded this."),
    ("Which songs do you like best?", "We are the best."),
]


@pytest.mark.parametrize(("honest", "claim"), PAIRS)
def test_what_states_nothing_passes_and_the_same_shape_with_a_claim_blocks(
    honest: str, claim: str
) -> None:
    assert said(honest) == []
    assert said(claim), claim


@pytest.mark.parametrize(
    ("honest", "claim"),
    [
        ("ถ้าไม่สะดวก บอกเราได้เลยค่ะ", "ถ้าไม่ต่อ เพลงจะเงียบค่ะ"),
        ("ยินดีตอบทุกคำถามค่ะ", "แขกยินดีจ่ายเพิ่มค่ะ"),
        ("สอบถามได้ตลอดเวลาค่ะ", "เราบริการตลอดเวลาค่ะ"),
        ("ขอบคุณที่ไว้วางใจเราค่ะ", "ขอบคุณที่ต่อสัญญาค่ะ"),
        ("ขออภัยที่รบกวนค่ะ", "ขออภัยที่เพลงสะดุดค่ะ"),
        ("แขกชอบเพลงแนวไหนคะ", "แขกชอบเพลงของเราค่ะ"),
        ("ลูกค้าเยอะไหมคะ", "ลูกค้าเยอะเพราะเพลงค่ะ"),
        ("เพลงดังไปไหมคะ", "เพลงเก่าแล้วค่ะ"),
        ("เดี๋ยวเราโทรกลับนะคะ", "เดี๋ยวหมดนะคะ"),
        ("เรามีข่าวดีมาบอกค่ะ", "เรามีของมาฝากค่ะ"),
    ],
)
def test_the_same_in_thai(honest: str, claim: str) -> None:
    assert said_in_thai(honest) == []
    assert said_in_thai(claim), claim


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("THB 12,000 per zone, THB 48,000",
         "THB 12,000 per zone, or THB 48,000 in total", "THB 12,000 per zone, or THB 12,000 in total"),
        ("THB 12,000 per zone, THB 48,000", "THB 12,000 for one zone", "THB 48,000 for one zone"),
        ("THB 12,000 per zone, THB 48,000",
         "Each of the four zones is at THB 12,000", "Each of the four zones is at THB 48,000"),
        ("THB 12,000 per zone, THB 48,000",
         "THB 12,000 per zone, which adds up to THB 48,000", "THB 12,000 per zone, up to THB 48,000"),
        ("expire on October 31, 2025",
         "are sorted until October 31, 2025", "are sorted until October 30, 2025"),
        ("expire on October 31, 2025",
         "are due to end on October 31, 2025", "are due to close on October 31, 2025"),
    ],
)  # fmt: skip
def test_a_fact_is_read_in_more_words_and_only_in_its_role(old: str, new: str, wrong: str) -> None:
    assert failed(swapped(old, new)) == []
    assert failed(swapped(old, wrong))


@pytest.mark.parametrize(
    "said_of_the_day",
    [
        "end shortly after October 31, 2025", "end around October 31, 2025",
        "open on October 31, 2025", "end on October 31, 2025 for good",
    ],
)  # fmt: skip
def test_the_right_day_in_another_role_blocks(said_of_the_day: str) -> None:
    assert failed(swapped("expire on October 31, 2025", said_of_the_day))


@pytest.mark.parametrize(
    "sentence",
    [
        "The price for your 4 zones is good until October 31, 2025.",
        "Your rate stands until October 31, 2025.",
        "Hope you enjoy the fireworks on October 31.",
        "The last day to answer is October 31, 2025.",
        "Shore a little later.",
    ],
)
def test_a_fact_bound_to_what_it_is_not_of_blocks(sentence: str) -> None:
    assert said(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Please share your password with us.", "Spare us a thought and send your login.",
        "Please let us have your passport number.",
    ],
)  # fmt: skip
def test_a_request_for_what_nobody_may_ask_blocks(sentence: str) -> None:
    assert said(sentence)


def test_a_thai_nickname_is_a_name_though_the_contact_is_named_as_well() -> None:
    assert ("name", "คุณฟ้า") in said_in_thai("คุณฟ้าจะดูแลต่อค่ะ")


def test_a_pair_counts_as_two() -> None:
    assert ("zone_count", "the pair") in failed(swapped("THB 48,000", "THB 48,000 for the pair"))


def test_prose_may_deny_in_a_question_but_not_a_slot() -> None:
    slots = {"zones", "customer"}
    assert check_prose("If anything is not clear, tell us.", slots) == ()
    assert check_prose("Shall we prepare it for {zones}, but not for {customer}?", slots)
