"""Every way to say when contracts end, in English and Thai; today is 15 September 2025."""

import pytest
from tests.ai.requests.reading import clear, days, unclear

ENGLISH = [
    ("in October", "2025-10-01", "2025-10-31"),
    ("in September", "2025-09-01", "2025-09-30"),
    ("in August", "2026-08-01", "2026-08-31"),
    ("in May", "2026-05-01", "2026-05-31"),
    ("in October 2026", "2026-10-01", "2026-10-31"),
    ("this month", "2025-09-01", "2025-09-30"),
    ("next month", "2025-10-01", "2025-10-31"),
    ("this week", "2025-09-15", "2025-09-21"),
    ("next quarter", "2025-10-01", "2025-12-31"),
    ("in Q4", "2025-10-01", "2025-12-31"),
    ("in Q1 2026", "2026-01-01", "2026-03-31"),
    ("in the first quarter of 2026", "2026-01-01", "2026-03-31"),
    ("in the 4th quarter", "2025-10-01", "2025-12-31"),
    ("in the next 30 days", "2025-09-15", "2025-10-15"),
    ("within 6 weeks", "2025-09-15", "2025-10-27"),
    ("in two weeks", "2025-09-15", "2025-09-29"),
    ("within the next 3 months", "2025-09-15", "2025-12-15"),
    ("by 30 November", "2025-09-15", "2025-11-30"),
    ("no later than 30 November", "2025-09-15", "2025-11-30"),
    ("on or before 30 November", "2025-09-15", "2025-11-30"),
    ("before 1 December", "2025-09-15", "2025-11-30"),
    ("before the end of the year", "2025-09-15", "2025-12-31"),
    ("by year end", "2025-09-15", "2025-12-31"),
    ("by the end of October", "2025-09-15", "2025-10-31"),
    ("until October", "2025-09-15", "2025-10-31"),
    ("between 1 October and 15 November", "2025-10-01", "2025-11-15"),
    ("1 October to 15 November", "2025-10-01", "2025-11-15"),
    ("from 1 October until 15 November", "2025-10-01", "2025-11-15"),
    ("1-15 October", "2025-10-01", "2025-10-15"),
    ("October 1-15", "2025-10-01", "2025-10-15"),
    ("Oct-Dec 2025", "2025-10-01", "2025-12-31"),
    ("November to January", "2025-11-01", "2026-01-31"),
    ("between November 2025 and January 2026", "2025-11-01", "2026-01-31"),
    ("in 2026", "2026-01-01", "2026-12-31"),
    ("next year", "2026-01-01", "2026-12-31"),
    ("on 31 October", "2025-10-31", "2025-10-31"),
    ("on the 31st of October 2025", "2025-10-31", "2025-10-31"),
    ("on October 31st, 2025", "2025-10-31", "2025-10-31"),
    ("on 2025-10-31", "2025-10-31", "2025-10-31"),
    ("on 31/10/2025", "2025-10-31", "2025-10-31"),
    ("on 31.10.25", "2025-10-31", "2025-10-31"),
    ("2025-10-01 to 2025-10-31", "2025-10-01", "2025-10-31"),
    ("after 1 January 2026", "2026-01-02", None),
    ("from 1 January 2026", "2026-01-01", None),
    ("from January onwards", "2026-01-01", None),
    ("on or after 1 January 2026", "2026-01-01", None),
    ("before Christmas", "2025-09-15", "2025-12-24"),
    ("before the new year", "2025-09-15", "2025-12-31"),
    ("within a fortnight", "2025-09-15", "2025-09-29"),
    ("in Q1 next year", "2026-01-01", "2026-03-31"),
    ("by Oct. 31", "2025-09-15", "2025-10-31"),
    ("in Dec '25", "2025-12-01", "2025-12-31"),
    ("in October and November", "2025-10-01", "2025-11-30"),
    ("after 15 October but before 1 December", "2025-10-16", "2025-11-30"),
]
THAI = [
    ("เดือนตุลาคม", "2025-10-01", "2025-10-31"),
    ("ต.ค.", "2025-10-01", "2025-10-31"),
    ("ต.ค. 2568", "2025-10-01", "2025-10-31"),
    ("ต.ค. 69", "2026-10-01", "2026-10-31"),
    ("เดือนนี้", "2025-09-01", "2025-09-30"),
    ("เดือนหน้า", "2025-10-01", "2025-10-31"),
    ("ในไตรมาสนี้", "2025-09-15", "2025-12-14"),
    ("ไตรมาสหน้า", "2025-10-01", "2025-12-31"),
    ("ไตรมาส 1 ปี 2569", "2026-01-01", "2026-03-31"),
    ("ภายใน 30 วัน", "2025-09-15", "2025-10-15"),
    ("ในอีก 60 วัน", "2025-09-15", "2025-11-14"),
    ("ภายในสิ้นปี", "2025-09-15", "2025-12-31"),
    ("ภายในสิ้นเดือนหน้า", "2025-09-15", "2025-10-31"),
    ("ก่อนวันที่ 15 ธันวาคม", "2025-09-15", "2025-12-14"),
    ("วันที่ ๑๕ พฤศจิกายน ๒๕๖๘", "2025-11-15", "2025-11-15"),
    ("1-31 ตุลาคม 2568", "2025-10-01", "2025-10-31"),
    ("ระหว่าง 1 พ.ย. ถึง 31 ธ.ค. 2568", "2025-11-01", "2025-12-31"),
    ("ตั้งแต่เดือนตุลาคมเป็นต้นไป", "2025-10-01", None),
    ("ปีหน้า", "2026-01-01", "2026-12-31"),
    ("ปี 2569", "2026-01-01", "2026-12-31"),
]


@pytest.mark.parametrize(("words", "first", "last"), ENGLISH)
def test_an_english_period_is_these_days(words, first, last):
    plan = clear(f"Renewal reminders to all Hiltons whose contract ends {words}")
    assert plan.filters.contract_end == (days(first, last),)
    assert plan.send_at is None


@pytest.mark.parametrize(("words", "first", "last"), THAI)
def test_a_thai_period_is_these_days(words, first, last):
    plan = clear(f"ต่อสัญญาฮิลตันที่หมดอายุ{words}")
    assert plan.filters.contract_end == (days(first, last),)


@pytest.mark.parametrize(
    "words",
    [
        "on 31 February",
        "on 31 November",
        "on 10/11/2025",
        "on 45 October",
        "between 1 December and 1 November 2025",
        "by 1 September 2025",
        "early October",
        "at the end of October",
        "around October",
        "in October 1895",
        "in October and by 2026",
    ],
)
def test_a_period_that_is_none_is_not_understood(words):
    plan = unclear(f"Renewal reminders to all Hiltons whose contract ends {words}")
    assert plan.not_understood


def test_expired_may_name_a_past_period():
    assert clear("Renewal to all Hiltons expired last month").filters.contract_end == (
        days("2025-08-01", "2025-08-31"),
    )
    assert clear("Renewal to contracts that ended in August").filters.contract_end == (
        days("2025-08-01", "2025-08-31"),
    )


def test_expired_may_name_several_past_months():
    assert clear("Renewal to hotels that lapsed in July and August").filters.contract_end == (
        days("2025-07-01", "2025-08-31"),
    )


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("lapsed this year", "2025-01-01"),
        ("expired this month", "2025-09-01"),
        ("ended in 2025", "2025-01-01"),
    ],
)
def test_expired_in_a_period_under_way_means_its_days_before_today(words, first):
    plan = clear(f"Win back the Hiltons whose contract {words}")
    assert plan.filters.contract_end == (days(first, "2025-09-14"),)


def test_expired_in_a_period_to_come_is_not_understood():
    unclear("Renewal to all Hiltons that expired next year")
    unclear("Renewal to all Hiltons that expired this quarter")


def test_expired_with_a_future_period_is_not_understood():
    unclear("Renewal to all Hiltons that expired by 31 December")


def test_two_months_apart_are_two_ranges():
    assert clear("Renewals for Centara expiring in October and December").filters.contract_end == (
        days("2025-10-01", "2025-10-31"),
        days("2025-12-01", "2025-12-31"),
    )


def test_a_month_before_the_word_renewals_is_an_expiry():
    assert clear("October renewals for Centara").filters.contract_end == (
        days("2025-10-01", "2025-10-31"),
    )


def test_what_was_understood_shows_the_words_and_the_days():
    plan = clear("Send renewal reminders to all Hiltons expiring in October")
    told = {u.words: u.meaning for u in plan.understood}
    assert told["expiring in October"] == "Contract ends 1–31 October 2025"
    assert told["Hiltons"] == "Brand Hilton"
