"""What the embedded reader makes of replies."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.ai.embedded import EmbeddedReplyReader
from campaigns.ai.embedded.encoder import Unavailable
from campaigns.ai.embedded.replies.clean import CAP
from campaigns.model.reply import Intent, Reading, ReplyContext, Sentiment

TODAY = date(2025, 9, 15)


def certain(reading: Reading) -> Intent | None:
    return None if reading.unsure else reading.intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("YES", Intent.ACCEPT),
        ("yes please", Intent.ACCEPT),
        ("ตกลงค่ะ", Intent.ACCEPT),
        ("ตกลง ครับ ขอบคุณครับ", Intent.ACCEPT),
        ("CALL", Intent.CALLBACK),
        ("โทรกลับด้วยค่ะ", Intent.CALLBACK),
        ("No thanks", Intent.DECLINE),
        ("ไม่ต่อสัญญา", Intent.DECLINE),
        ("STOP", Intent.OPT_OUT),
        ("หยุด", Intent.OPT_OUT),
        ("later", Intent.LATER),
        ("Thank you", Intent.OTHER),
        ("รับทราบครับ", Intent.OTHER),
    ],
)
def test_set_phrases_in_english_and_thai_are_read_exactly(read, text, intent):
    assert certain(read(text)) is intent


@pytest.mark.parametrize(
    "text",
    [
        "please do not renew",
        "Please don't renew our contract.",
        "We won't be renewing",
        "we wont be renewing this year",
        "We have decided not to renew",
        "ไม่ต่อสัญญา",
        "ไม่ต่อแล้วค่ะ ขอบคุณ",
        "ไม่ renew แล้วนะคะ",
        "yes, we decided not to renew",
        "I cannot agree to a renewal",
    ],
)
def test_negation_beats_the_keyword(read, text):
    reading = read(text)
    assert Intent.ACCEPT not in reading.intents
    assert reading.intent is Intent.DECLINE


@pytest.mark.parametrize(
    "text",
    ["no problem, renew", "Don't stop the music, we're renewing!", "ไม่มีปัญหาครับ ต่อเลย"],
)
def test_a_negation_of_something_else_leaves_a_yes_a_yes(read, text):
    assert certain(read(text)) is Intent.ACCEPT


@pytest.mark.parametrize(
    "text",
    [
        "renew, but fix Edge first",
        "We'll renew only after you repair the speakers",
        "ต่อค่ะ แต่ซ่อมลำโพงที่บาร์ก่อน",
    ],
)
def test_a_yes_that_hangs_on_a_repair_keeps_both_meanings(read, text):
    reading = read(text)
    assert Intent.COMPLAINT in reading.intents
    assert {Intent.CHANGE_REQUEST, Intent.ACCEPT} & {*reading.intents, *reading.likeliest}
    assert certain(reading) is not Intent.ACCEPT


def test_a_complaint_is_found_beside_a_yes(read):
    reading = read("Yes please renew. By the way, there is no sound in the lobby since Monday.")
    assert Intent.COMPLAINT in reading.intents
    assert reading.sentiment is Sentiment.NEGATIVE


def test_an_opt_out_beats_every_other_intent_and_keeps_it(read):
    reading = read("Yes renew, but stop sending me these WhatsApp ads")
    assert reading.intents[0] is Intent.OPT_OUT
    assert Intent.ACCEPT in reading.intents
    assert reading.opt_out_sign


def test_a_score_is_read_only_while_a_survey_is_open(read):
    answered, unasked = read("9", survey=True), read("9")
    assert (certain(answered), answered.score) == (Intent.SURVEY_SCORE, 9)
    assert unasked.unsure
    assert (unasked.intent, unasked.score) == (Intent.OTHER, None)


@pytest.mark.parametrize("text", ["I'd give you a 9", "ให้ 9 คะแนนค่ะ", "10 out of 10"])
def test_a_score_nobody_asked_for_goes_to_a_person(read, text):
    reading = read(text)
    assert reading.unsure
    assert reading.score is None


def test_a_low_score_with_a_grievance_keeps_the_complaint(read):
    reading = read("2, the music stops every evening", survey=True)
    assert reading.intents == (Intent.SURVEY_SCORE, Intent.COMPLAINT)
    assert reading.score == 2


def test_headers_of_an_automatic_reply_settle_it(read):
    assert certain(read("Thank you for your email.", auto=True)) is Intent.OUT_OF_OFFICE


def test_an_automatic_reply_that_names_a_successor_is_about_the_contact(read):
    reading = read("I have left the company, please contact Mary instead.", auto=True)
    assert certain(reading) is Intent.WRONG_PERSON


def test_a_footer_in_an_automatic_reply_pauses_but_does_not_suppress(read):
    reading = read("Thank you for your mail. To unsubscribe click here.", auto=True)
    assert certain(reading) is None
    assert reading.opt_out_sign


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("I am out of office, back on 3 November", date(2025, 11, 3)),
        ("ask me again in January", date(2026, 1, 1)),
        ("ลาพักร้อนถึงวันที่ 3 พฤศจิกายน 2568 ค่ะ", date(2025, 11, 3)),
    ],
)
def test_the_day_a_reply_names_is_read(read, text, until):
    assert read(text).until == until


def test_a_date_in_a_reply_that_asks_for_no_time_is_left_alone(read):
    assert read("Yes, renew us to 31 October 2026").until is None


@pytest.mark.parametrize(
    "text",
    ["", "   ", "\n", "\u200b\u200b", "🦑", "[Sticker]", "<Media omitted>", "‎image omitted", "?"],
)
def test_a_reply_without_words_goes_to_a_person(read, text):
    reading = read(text)
    assert reading.unsure
    assert reading.intent is Intent.OTHER


def test_a_friendly_picture_is_nothing_to_act_on(read):
    reading = read("😊🙏")
    assert certain(reading) is Intent.OTHER
    assert reading.sentiment is Sentiment.POSITIVE


def test_a_thumb_up_may_be_a_yes_so_a_person_decides(read):
    reading = read("👍")
    assert reading.unsure
    assert reading.likeliest == (Intent.ACCEPT, Intent.OTHER)


def test_a_yes_with_an_angry_face_is_not_certain(read):
    assert certain(read("yes 😡")) is None


def test_a_bare_yes_to_nothing_goes_to_a_person(read):
    assert certain(read("yes", campaign=False)) is None


def test_a_bare_receipt_may_be_a_yes_so_a_person_decides(read):
    assert read("ok").likeliest == (Intent.ACCEPT, Intent.OTHER)


def test_quoted_words_of_ours_are_not_read_as_theirs(read):
    reading = read(
        "We accept the renewal at the current price.\n\n"
        "On Mon, 15 Sep 2025 at 10:00, BMA Social Team wrote:\n"
        "> Reply YES to renew, CALL for a call.\n> Reply STOP to get no more messages."
    )
    assert certain(reading) is Intent.ACCEPT
    assert not reading.opt_out_sign


def test_words_below_a_quotation_are_read(read):
    reading = read(
        "On Mon, 15 Sep 2025 at 10:00, BMA wrote:\n> Reply YES to renew.\n\nPlease unsubscribe me."
    )
    assert certain(reading) is Intent.OPT_OUT


def test_an_unsubscribe_line_in_a_signature_pauses_and_asks(read):
    reading = read(
        "Please go ahead and renew.\n\nBest regards,\nSofia\nTo unsubscribe from our hotel news "
        "write to news@bay.example"
    )
    assert certain(reading) is not Intent.OPT_OUT
    assert reading.opt_out_sign


def test_a_very_long_reply_is_read_to_its_cap_and_goes_to_a_person(read):
    reading = read("Thank you for the long story. " * 1000)
    assert reading.unsure
    assert "beginning" in reading.why


def test_an_opt_out_at_the_end_of_ten_thousand_characters_is_found(read):
    text = "We had a lovely season at the beach. " * 270 + "Please stop sending me messages."
    assert len(text) < CAP
    assert read(text).opt_out_sign


def test_the_reading_says_why_in_the_reply_s_own_words(read):
    reading = read("Please go ahead and renew us for 12 months.")
    assert "go ahead" in reading.why.lower()
    assert reading.why.endswith(".")


def test_an_unsure_reading_names_the_two_likeliest(read):
    reading = read("hmm the thing with the boxes upstairs perhaps")
    assert reading.unsure
    assert len(set(reading.likeliest)) == 2
    assert "a person decides" in reading.why


def test_a_missing_encoder_leaves_words_and_a_person():
    def missing() -> None:
        raise Unavailable("the sentence encoder is not installed")

    reader = EmbeddedReplyReader(load=missing)
    context = ReplyContext(today=TODAY)
    assert certain(reader.read("STOP", context)) is Intent.OPT_OUT
    assert certain(reader.read("YES", context)) is Intent.ACCEPT
    reading = reader.read("Please go ahead and renew all zones", context)
    assert reading.unsure
    assert reading.intent is Intent.ACCEPT
    assert "not installed" in (reading.fallback or "")


def test_the_encoder_is_loaded_once_and_only_when_needed():
    calls = []

    def load() -> None:
        calls.append(1)
        raise Unavailable("not here")

    reader = EmbeddedReplyReader(load=load)
    context = ReplyContext(today=TODAY)
    reader.read("STOP", context)
    assert not calls
    reader.read("is it warm there or what", context)
    reader.read("we might renew, who knows", context)
    assert len(calls) == 1


REPLY_CHARACTERS = st.text(max_size=300) | st.text(
    alphabet="yesnoSTOP renew ต่อไม่ค่ะ 9/10.,!?\n>\u200b👍続約", max_size=200
)


@settings(max_examples=150, deadline=None)
@given(text=REPLY_CHARACTERS, survey=st.booleans(), auto=st.booleans())
def test_any_text_yields_a_reading_with_verbatim_evidence(read, text, survey, auto):
    reading = read(text, survey=survey, auto=auto)
    assert all(text[s.start : s.end] == s.text and s.text for s in reading.evidence)
    assert 0.0 <= reading.confidence <= 1.0
    assert len(set(reading.intents)) == len(reading.intents)
    assert reading.unsure == bool(reading.likeliest)
    assert reading.score is None or 0 <= reading.score <= 10
    assert reading == read(text, survey=survey, auto=auto)
