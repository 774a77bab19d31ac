"""A rhythm said in the request's own words is read; what belongs to the request is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.flow.rhythm import parse
from campaigns.flow.rhythm_words import completed, taken

REST = "prepare renewal reminders for contracts that end within 60 days"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("every month", {"every": "month"}),
        ("Every month on the 1st", {"every": "month", "day": 1}),
        ("every month on day 15 at 9:30", {"every": "month", "day": 15, "at": "09:30"}),
        ("each month on the last day", {"every": "month", "day": 31}),
        ("On the 3rd of every month", {"every": "month", "day": 3}),
        ("on the last day of each month at 5 pm", {"every": "month", "day": 31, "at": "17:00"}),
        ("Monthly", {"every": "month"}),
        ("every week", {"every": "week"}),
        ("every week on Friday at 12 am", {"every": "week", "weekday": "friday", "at": "00:00"}),
        ("Every Monday at 9", {"every": "week", "weekday": "monday", "at": "09:00"}),
        ("weekly on Tuesdays", {"every": "week", "weekday": "tuesday"}),
        ("every day at 8 o'clock", {"every": "day", "at": "08:00"}),
        ("Daily at 07.15", {"every": "day", "at": "07:15"}),
        ("ทุกเดือน", {"every": "month"}),
        ("ทุกวันที่ ๑ ของเดือน เวลา ๙.๓๐ น.", {"every": "month", "day": 1, "at": "09:30"}),
        ("ทุกสิ้นเดือน", {"every": "month", "day": 31}),
        ("ทุกวันจันทร์", {"every": "week", "weekday": "monday"}),
        ("ทุกวันอาทิตย์", {"every": "week", "weekday": "sunday"}),
        ("ทุกอาทิตย์", {"every": "week"}),
        ("ทุกวัน เวลา 8:00", {"every": "day", "at": "08:00"}),
    ],
)
def test_a_rhythm_in_front_is_read_and_taken_off(words: str, said: dict[str, object]) -> None:
    assert taken(f"{words}, {REST}") == (said, REST)
    assert parse(completed(said)) is not None


def test_a_rhythm_after_a_comma_at_the_end_is_read_too() -> None:
    assert taken(f"{REST}, every Friday at 10.") == (
        {"every": "week", "weekday": "friday", "at": "10:00"},
        REST,
    )


def test_without_a_comma_the_verb_may_follow() -> None:
    assert taken(f"Every month {REST}") == ({"every": "month"}, REST)


@pytest.mark.parametrize(
    "request_",
    [
        REST,
        "Send renewal reminders to every Hilton expiring in October",
        "Tell all hotels that we change the playlists every month",
        "Daily Grind Café: ask how they like the music",
        "Monthly Bar Bangkok gets a survey",
        "Everyday music for every customer",
        "every month",
    ],
)
def test_words_that_belong_to_the_request_stay(request_: str) -> None:
    assert taken(request_) == ({}, request_)


def test_what_is_not_said_is_the_first_of_the_month_or_monday() -> None:
    assert completed({"every": "month"}) == {"every": "month", "day": 1}
    assert completed({"every": "week"}) == {"every": "week", "weekday": "monday"}
    assert completed({"every": "month", "day": 9}) == {"every": "month", "day": 9}


@given(st.text())
def test_a_request_never_gains_words_and_what_is_said_comes_off_its_ends(request_: str) -> None:
    said, rest = taken(request_)
    assert rest in request_
    assert bool(said) == (rest != request_)
