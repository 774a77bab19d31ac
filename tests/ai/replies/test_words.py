"""The parts of reading: normal form, phrases, scores, dates, language."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.ai.embedded.replies.clauses import body, clauses
from campaigns.ai.embedded.replies.clean import clean
from campaigns.ai.embedded.replies.dates import find_date
from campaigns.ai.embedded.replies.fold import Hit, fold
from campaigns.ai.embedded.replies.language import language_of
from campaigns.ai.embedded.replies.patterns import Patterns
from campaigns.ai.embedded.replies.scores import Doubt, Score, find_score

TODAY = date(2025, 9, 15)  # a Monday


@given(st.text(max_size=200))
def test_every_place_in_a_cleaned_text_leads_back_to_the_original(text):
    cleaned = clean(text)
    assert len(cleaned.text) == len(cleaned.starts) == len(cleaned.ends)
    for i in range(len(cleaned.text)):
        span = cleaned.span(i, i + 1)
        assert text[span.start : span.end] == span.text != ""


@given(st.text(max_size=200))
def test_every_place_in_a_folded_text_lies_in_the_text(text):
    cleaned = clean(text).text
    folded = fold(cleaned)
    for view, places in ((folded.spaced, folded.spaced_at), (folded.tight, folded.tight_at)):
        assert len(view) == len(places)
        assert all(0 <= p.start <= p.end <= len(cleaned) for p in places)


def find(pattern: str, text: str) -> list[str]:
    cleaned = clean(text).text
    hits = Patterns({"it": [pattern]}).labels(fold(cleaned)).get("it", [])
    return [cleaned[h.start : h.end] for h in hits]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("remove {me|us} from", "Please REMOVE us from it", ["REMOVE us from"]),
        ("no {more |}mail", "no mail, no more mail", ["no mail", "no more mail"]),
        ("do not renew", "We do not  renew", ["do not  renew"]),
        ("dont renew", "don’t renew", ["don’t renew"]),
        ("opt out", "Opt-out", ["Opt-out"]),
        ("рассыл*", "из рассылки", ["рассылки"]),
        ("no problem", "No. Problem with sound", []),
        ("stop", "nonstop stopped", []),
        ("ไม่ต่อ", "ไม่ ต่อ ค่ะ", ["ไม่ ต่อ"]),
        ("ไม่renew", "ไม่ renew แล้ว", ["ไม่ renew"]),
        ("น้ำ", "นํ้า", ["นํ้า"]),
        ("ชื่อออก", "เอาชื่อออก", ["ชื่อออก"]),
        ("no me envien", "No me envíen nada", ["No me envíen"]),
    ],
)
def test_phrases_are_found_as_whole_words_whatever_their_spelling(pattern, text, found):
    assert find(pattern, text) == found


def test_vietnamese_words_that_differ_in_tone_marks_stay_apart():
    assert find("dừng", "đúng") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9", 9),
        ("8/10", 8),
        ("10 great job", 10),
        ("nine", 9),
        ("๙ คะแนน", 9),
        ("๑๐", 10),
        ("0 - never again", 0),
        ("from 0 to 10: 7", 7),
        ("I'd give you a 6 because the app is slow", 6),
        ("Hi, 9 thanks", 9),
        ("ให้เต็มสิบเลยค่ะ", 10),
        ("９分", 9),
        ("3 - too many outages in 2 zones", 3),
    ],
)
def test_a_score_is_read_in_digits_and_words(text, value):
    found = find_score(clean(text).text)
    assert isinstance(found, Score)
    assert found.value == value


@pytest.mark.parametrize(
    "text",
    ["2 zones are silent", "call me at 9", "3 วันแล้วไม่มีใครมา", "11", "no one answers", "10 ห้อง"],
)
def test_a_number_that_counts_something_else_is_no_score(text):
    assert find_score(clean(text).text) is None


@pytest.mark.parametrize(
    "text", ["7 or 8", "8.5", "-1", "5/5", "100%", "7-8", "score 4, no, score 6"]
)
def test_a_score_that_is_not_one_whole_number_is_a_doubt(text):
    assert isinstance(find_score(clean(text).text), Doubt)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("back on 3 November", date(2025, 11, 3)),
        ("Nov 3rd", date(2025, 11, 3)),
        ("3/11", date(2025, 11, 3)),
        ("2025-11-03", date(2025, 11, 3)),
        ("ถึง 3 พ.ย. 68", date(2025, 11, 3)),
        ("วันที่ ๓ พฤศจิกายน ๒๕๖๘", date(2025, 11, 3)),
        ("11月3日", date(2025, 11, 3)),
        ("away 12-20 Sept", date(2025, 9, 20)),
        ("in January", date(2026, 1, 1)),
        ("in November", date(2025, 11, 3)),  # the 1st is a Saturday
        ("after Songkran", date(2026, 4, 16)),
        ("หลังสงกรานต์", date(2026, 4, 16)),
        ("in two weeks", date(2025, 9, 29)),
        ("อีก 2 เดือน", date(2025, 11, 15)),
        ("until Monday", date(2025, 9, 22)),
        ("วันศุกร์", date(2025, 9, 19)),
        ("เดือนหน้า", date(2025, 10, 1)),
        ("next week", date(2025, 9, 22)),
        ("the 5th", date(2025, 10, 5)),
        ("tomorrow", date(2025, 9, 16)),
        ("สิ้นเดือน", date(2025, 9, 30)),
        ("our contract ends 31 October, ask again in January", date(2026, 1, 1)),
    ],
)
def test_dates_are_read_day_first_and_in_the_future(text, on):
    found = find_date(clean(text).text, TODAY)
    assert found is not None
    assert found.on == on


@pytest.mark.parametrize(
    "text",
    [
        "31/02",
        "we may renew",
        "mai ao krub",
        "open 24/7",
        "no date here",
        "1 September 2025",
        "",
    ],
)
def test_what_is_no_future_date_is_none(text):
    assert find_date(clean(text).text, TODAY) is None


@given(st.text(max_size=120), st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)))
def test_a_date_found_is_always_after_today(text, today):
    found = find_date(clean(text).text, today)
    assert found is None or found.on > today


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Please go ahead and renew", "en"),
        ("ok", "en"),
        ("ต่อสัญญาครับ", "th"),
        ("confirm ค่ะ", "th"),
        ("I met Khun สมชาย at the conference in Bangkok last week", "en"),
        ("我们同意续约", "zh"),
        ("更新をお願いします", "ja"),
        ("갱신해 주세요", "ko"),
        ("Gracias, queremos renovar", "es"),
        ("Merci, nous renouvelons", "fr"),
        ("Bitte verlängern Sie den Vertrag", "de"),
        ("Grazie, rinnoviamo", "it"),
        ("Obrigado, vamos renovar", "pt"),
        ("Спасибо", "ru"),
        ("شكرا", "ar"),
        ("धन्यवाद", "hi"),
        ("Tolong berhenti kirim pesan ke saya", "id"),
        ("Đừng gửi tin nhắn cho tôi nữa", "vi"),
        ("សូមអរគុណ", "km"),
        ("ຂອບໃຈ", "lo"),
    ],
)
def test_the_language_is_told_by_script_and_small_words(text, language):
    cleaned = clean(text).text
    assert language_of(cleaned, fold(cleaned)) == language


def test_greeting_and_signature_are_not_part_of_what_is_said():
    text = "Dear team,\nplease renew.\n\nBest regards,\nMarisol Tan\nDirector of Operations"
    part = body(text)
    assert text[part.start : part.end].strip() == "please renew."


def test_clauses_are_parted_where_a_second_thing_is_said():
    text = "renew, but fix Edge first"
    parts = list(clauses(text, Hit(0, len(text))))
    assert [text[p.start : p.end] for p in parts] == ["fix Edge first"]


QUOTED = [
    "Yes.\n-----Original Message-----\nFrom: BMA\nReply STOP to opt out",
    "Yes.\n\nFrom: BMA <hello@bma.example>\nSent: Monday\nTo: Rudolf\nSubject: Renewal\n\nReply STOP",
    "Yes.\n\nเมื่อวันที่ 15 ก.ย. 2568 BMA เขียนว่า:\n> ตอบ หยุด เพื่อเลิกรับ",
    "Yes.\n-- \nRudolf\nGeneral Manager",
    "> Reply STOP\nYes.\n> or CALL",
]


@pytest.mark.parametrize("text", QUOTED)
def test_certain_quotations_and_signatures_are_cut(text):
    assert clean(text).text.strip() == "Yes."


def test_a_reply_that_is_only_a_quotation_is_kept_and_marked():
    cleaned = clean("> Reply STOP to opt out")
    assert "STOP" in cleaned.text
    assert not cleaned.whole
