"""Replies written to mislead: a yes that is none, a wish for silence among thanks."""

import pytest

from campaigns.model.reply import Intent, Reading

NEGATED = [
    "please do not renew",
    "Please do not go ahead with the renewal, thank you",
    "We are not happy to renew",
    "Yes, we decided not to renew",
    "Yes yes, I got it. We still won't renew.",
    "Sure, cancel it at the end",
    "OK so we will not be extending, agreed?",
    "go ahead and let it expire",
    "I confirm that we do not want another year",
    "agreed with my boss that we stop here",
    "Absolutely not",
    "We would love to renew, but the hotel closes in October",
    "happy to say yes to anything else, but no to this",
    "No way we would say no to music, but we say no to this price and this contract",
    "approved by the board: termination at the end of the term",
    "ตกลงค่ะ ไม่ต่อนะคะ",
    "ยืนยันว่าไม่ต่อสัญญาครับ",
    "โอเคครับ งั้นไม่ต่อ",
    "ได้ค่ะ ยกเลิกเมื่อหมดสัญญา",
    "ไม่ใช่ว่าไม่ชอบนะคะ แต่ไม่ต่อ",
    "mai tor na krub khob khun",
    "boss say ok no need renew already",
]

POLITE = [
    "What a generous offer, and how kind of you to think of us. We will respectfully pass.",
    "It was a pleasure working with your team. We wish you every success without us.",
    "Thank you so much for the wonderful years, it is time to part.",
    "With great appreciation we must decline on this occasion",
    "Yes, thank you, lovely people as always, but our decision is final: no.",
    "ขอบพระคุณเป็นอย่างสูงที่ให้เกียรติเสนอ แต่ทางเราขออนุญาตไม่รับข้อเสนอค่ะ",
    "เป็นข้อเสนอที่ดีมากครับ ขอบคุณจริงๆ แต่ปีนี้คงต้องขอผ่านครับ",
]

SILENCED = [
    "Thank you for the good service over the years, and please take us off your mailing list",
    "Thanks! Great team! Lovely music! Also, no more emails please. Have a nice day!",
    "Renew us by all means. Just stop texting me.",
    "10/10 would recommend, now unsubscribe me",
    "Happy new year to you all. Kindly remove my number. Best wishes, Ana",
    "ขอบคุณมากค่ะ บริการดีมาก แต่รบกวนไม่ต้องส่งข้อความมาอีกนะคะ",
    "ต่อสัญญาค่ะ แล้วก็เลิกส่งโปรโมชั่นด้วยนะคะ ขอบคุณค่ะ",
    "thx la but dun send anymore",
    "Yes to the package 🎉 but pls stp msgs",
    "yok lerk kan rab khao san ka",
]

YES_AND_WRONG = [
    "Yes please renew, and by the way the bar has been silent for a week",
    "ok renew but the lobby player is still broken",
    "Sure, another year of no music in the spa, wonderful",
    "We accept. Our last three tickets were never answered though.",
    "ต่อค่ะ แต่เพลงในล็อบบี้ดับมาสามวันแล้วนะคะ",
    "โอเคต่อครับ แต่ลำโพงยังเสียอยู่เลย",
]


def says_yes(reading: Reading) -> bool:
    return reading.intent is Intent.ACCEPT and not reading.unsure


@pytest.mark.parametrize("text", [*NEGATED, *POLITE])
def test_a_refusal_in_the_words_of_a_yes_is_no_yes(read, text):
    assert not says_yes(read(text))


@pytest.mark.parametrize("text", SILENCED)
@pytest.mark.parametrize("survey", [False, True])
def test_an_opt_out_among_thanks_and_a_yes_is_found(read, text, survey):
    reading = read(text, survey=survey)
    assert reading.opt_out_sign or Intent.OPT_OUT in reading.intents


@pytest.mark.parametrize("text", YES_AND_WRONG)
def test_a_yes_with_a_complaint_in_it_is_no_plain_yes(read, text):
    reading = read(text)
    assert not says_yes(reading)
    assert reading.unsure or Intent.COMPLAINT in reading.intents


@pytest.mark.parametrize(
    "text",
    ["who gave you my number? remove it", "stop sending, I mean it", "too many emails, stop it"],
)
def test_words_and_the_model_together_settle_an_opt_out(read, text):
    reading = read(text)
    assert reading.intent is Intent.OPT_OUT
    assert not reading.unsure


def test_an_opt_out_that_only_the_model_suspects_is_for_a_person(read):
    reading = read("Our phones are not a billboard for your firm, kindly respect that from now on")
    assert reading.intent is not Intent.OPT_OUT or reading.unsure
