"""Two ways to say one thing are read as one; a word that changes the meaning changes the reading."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ai.requests.reading import clear, days, read, unclear
from tests.ai.requests.test_properties import same_audience

BRANDS = st.sampled_from(["Hiltons", "Novotels", "Centaras"])
PLACES = st.sampled_from(["Phuket", "Bangkok", "Krabi", "Vietnam"])
ENDS = st.sampled_from(
    ["expiring in October", "ending in October", "due in October", "that expire in October"]
)
POLITE = st.sampled_from(
    ["Hi team, {}", "please {}", "{} please", "{}, thanks!", "could you {}?", "{} asap", "ok so {}"]
)
LEADS = st.sampled_from(
    ["send renewals to", "renewal reminders for", "remind", "email renewals to"]
)
OUT = st.sampled_from(["except", "but not", "without", "excluding", "minus", "apart from"])
THAI_OUT = st.sampled_from(["ยกเว้น", "ไม่รวม", "ไม่เอา", "แต่ไม่รวม"])
UNHELD = st.sampled_from(
    [
        *("with a pool", "who pay late", "near the beach", "we visited", "in arrears"),
        *(
            "with live music",
            "that opened last year",
            "VIPs only",
            "five star",
            "owned by families",
        ),
    ]
)
MODIFIERS = [
    *("casual", "professional", "official", "priority", "high priority", "family", "chain"),
    *("partner", "group", "select", "target", "family run", "user", "big name", "five star"),
]


@settings(max_examples=60, deadline=None)
@given(POLITE, LEADS, BRANDS, PLACES, ENDS)
def test_politeness_changes_nothing(polite, lead, brand, place, ends):
    plain = f"{lead} {brand} in {place} {ends}"
    assert same_audience(clear(polite.format(plain)), clear(plain))


@settings(max_examples=40, deadline=None)
@given(BRANDS, PLACES, ENDS)
def test_the_order_of_clauses_changes_nothing(brand, place, ends):
    one = clear(f"Send renewals to {brand} in {place} {ends}")
    for other in (
        f"{brand} in {place} {ends}: send renewals",
        f"Send renewals {ends} to {brand} in {place}",
        f"Renewals, {place}, {brand}, {ends}",
        f"In {place}, send renewals to {brand} {ends}",
    ):
        plan = read(other)
        assert not plan.is_clear or same_audience(plan, one), other


@settings(max_examples=40, deadline=None)
@given(BRANDS, PLACES, OUT)
def test_every_word_of_leaving_out_leaves_out(brand, place, out):
    plan = clear(f"Survey all {brand} {out} {place}")
    assert plan.exclude == clear(f"Survey all {brand} except {place}").exclude
    assert plan.exclude
    assert plan.filters == clear(f"Survey all {brand}").filters


@given(THAI_OUT, st.sampled_from(["ภูเก็ต", "พัทยา"]), st.sampled_from(["", " "]))
def test_thai_words_of_leaving_out_leave_out(out, place, space):
    plan = clear(f"ส่งแบบสำรวจให้โรงแรมในไทย {out}{space}{place}")
    assert plan.exclude.city
    assert plan.filters.city == ()


@settings(max_examples=60, deadline=None)
@given(BRANDS, PLACES, ENDS, UNHELD, st.integers(0, 2))
def test_a_rule_that_no_filter_holds_is_asked_wherever_it_stands(brand, place, ends, rule, where):
    parts = [f"Send renewals to {brand}", f"in {place}", ends]
    parts.insert(where + 1, rule)
    unclear(" ".join(parts))


@pytest.mark.parametrize("word", MODIFIERS)
def test_a_word_before_customers_that_no_filter_holds_is_asked(word):
    for request_ in (
        f"Announce the new app to {word} hotels in Phuket",
        f"Announce the new app to small and {word} restaurants",
    ):
        unclear(request_)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("within forty five days", "2025-09-15", "2025-10-30"),
        ("within 45 days", "2025-09-15", "2025-10-30"),
        ("Sept 13 to 30", "2025-09-13", "2025-09-30"),
        ("between 1 September and 31 October", "2025-09-01", "2025-10-31"),
        ("between 1 and 15 Nov", "2025-11-01", "2025-11-15"),
        ("between 1 June and 31 July", "2026-06-01", "2026-07-31"),
        ("in the first half of October", "2025-10-01", "2025-10-15"),
        ("by the end of Q1", "2025-09-15", "2026-03-31"),
        ("in the last 3 months", "2025-06-16", "2025-09-14"),
        ("within the next six weeks", "2025-09-15", "2025-10-27"),
    ],
)
def test_days_that_are_said_are_those_days(words, first, last):
    assert clear(f"Renewals for Hiltons expiring {words}").filters.contract_end == (
        days(first, last),
    )


@pytest.mark.parametrize(
    "words",
    [
        "expiring in over 30 days",
        "expiring in the coming months",
        "expiring in the last weeks",
        "still to expire this month",
        "expiring in September and October 2026",
        "expiring in mid-October",
        "expiring in the rest of September",
    ],
)
def test_days_that_could_be_others_are_asked(words):
    unclear(f"Renewals for Hiltons {words}")


@pytest.mark.parametrize(
    "words",
    [
        "big Bangkok push to hotels",
        "a big Hilton push: new app",
        "announce the new app to big brands",
        "announce the small business plan to restaurants",
        "announce the new app to big hotels with 8 zones",
    ],
)
def test_a_size_that_may_be_of_something_else_is_asked(words):
    unclear(words)


def test_a_size_is_what_the_number_in_brackets_says():
    plan = clear("Big hotels only (10+ zones): announce the new app")
    assert not plan.filters.size
    assert plan.filters.zones[0].min == 10
    assert not clear("Survey to hotels, big thanks").filters.size
