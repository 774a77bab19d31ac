"""Two spellings of the same words fold to the same text; different words never do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.model.fold import fold, unescape, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Meliá Chiang Mai", "MELIA  chiang mai"),
        ("Swissôtel Bangkok", "swissotel bangkok"),
        ("Park – Plaza", "park - plaza"),
        ("D’Or", "d'or"),
        ("Bar &amp; Grill", "bar & grill"),
        ("Bar & amp Grill", "bar & grill"),
        ("Bar &amp;amp; Grill", "bar & grill"),
        ("Sun\u00adset Café", "sunset cafe"),
        ("Caf\u00e9", "Cafe\u0301"),
        ("zero\u200bwidth", "zerowidth"),
        ("Ｈilton", "hilton"),
        ("Straße", "STRASSE"),
        ("Tromsø", "tromso"),
        ("İstanbul", "istanbul"),
        ("ห้อง ๑๒", "ห้อง 12"),
        ("ทำ", "ท\u0e4d\u0e32"),
        ("a\u00a0b", "a b"),
    ],
)
def test_spellings_of_the_same_words_fold_together(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ป่า", "ปา"), ("ข้าว", "ขาว"), ("North", "South"), ("R&notes", "R¬es"), ("ample", "& ample")],
)
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_an_ampersand_before_a_word_that_begins_with_amp_is_kept() -> None:
    assert fold("Bed & ample rooms") == "bed & ample rooms"


def test_words_drop_punctuation_and_keep_thai_marks_whole() -> None:
    assert words("The “Men’s” Bar/Grill, ร้านอาหาร (ชั้น ๒)") == (
        "the",
        "mens",
        "bar",
        "grill",
        "ร้านอาหาร",
        "ชั้น",
        "2",
    )


def test_unescape_keeps_case_and_accents() -> None:
    assert unescape("Caf&eacute; &#38; Bar &nbsp;") == "Café & Bar \xa0"


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_words_of_a_text_are_the_words_of_its_fold(text: str) -> None:
    assert words(fold(text)) == words(text)


@given(st.text(alphabet="&amp;#38x2;t lshy"))
def test_entities_never_make_folding_unstable(text: str) -> None:
    assert fold(fold(text)) == fold(text)
