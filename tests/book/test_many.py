"""Many texts in one piece, and hashes that come more than once, whatever they are."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.book.many import Hashed, Hexes, Texts, repeated

TEXTS = st.lists(st.text(max_size=20), max_size=30)


@given(TEXTS)
def test_texts_come_back_as_they_went_in(texts: list[str]) -> None:
    held = Texts(texts)
    assert (list(held), len(held)) == (texts, len(texts))
    assert [held[at] for at in range(len(texts))] == texts
    assert [held[-1 - at] for at in range(len(texts))] == texts[::-1]


@given(TEXTS, st.integers(-40, 40), st.integers(-40, 40))
def test_some_of_the_texts_are_those_a_list_would_give(
    texts: list[str], start: int, end: int
) -> None:
    assert Texts(texts)[start:end] == texts[start:end]


def test_half_of_a_pair_of_surrogates_is_a_text_like_others() -> None:
    assert list(Texts(["\ud83d", "ร้านลาบ", ""])) == ["\ud83d", "ร้านลาบ", ""]


@given(st.lists(st.integers(-40, 40) | st.integers(-(2**63), 2**63 - 1)))
def test_hashes_that_come_more_than_once_are_found_and_no_others(hashes: list[int]) -> None:
    assert repeated(hashes) == {one for one, count in Counter(hashes).items() if count > 1}


@given(st.lists(st.binary(min_size=4, max_size=4), max_size=20), st.integers(-25, 25))
def test_hexadecimal_texts_come_back_as_they_went_in(raw: list[bytes], start: int) -> None:
    texts = [one.hex("-", 2) for one in raw]
    held = Hexes(texts, size=4, group=2)
    assert (list(held), held[start:]) == (texts, texts[start:])


def test_a_text_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="does not stand for 4 bytes"):
        Hexes(["00ff"], size=4, group=4)


@given(TEXTS, TEXTS)
def test_what_was_given_is_known_and_nothing_else(given_: list[str], asked: list[str]) -> None:
    held = Hashed(given_)
    assert all(text in held for text in given_)
    assert [text in held for text in asked] == [text in given_ for text in asked]
