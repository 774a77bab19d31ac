"""Over all customers there could be: what the library says passes, what is corrupted does not."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.ai.texts.world import facts, library_text

from campaigns.flow.compose import render
from campaigns.flow.guard import check, passes
from campaigns.model.customer import Channel
from campaigns.model.facts import Facts
from campaigns.model.message import Check
from campaigns.model.money import Money
from campaigns.model.notation import MONTHS
from campaigns.model.plan import CampaignType, Tone
from campaigns.model.text import CohortText, Rendered

OCCASIONS = ("", "christmas", "songkran", "ramadan", "golden_week", "national_day")

THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
words = st.text(alphabet="ABCDEGHKLMNPRSTVXZabdehiklmnoprstuvxy", min_size=2, max_size=9)
thai = st.text(alphabet="กขคงจชซดตนบปพมยรลวสหอ", min_size=2, max_size=8)
odd = st.sampled_from(["16 Haussmann", "Bar 21", "*Pool*", "A{b}", "Club.com", "St. Regis", "R&B", "7", "May", "One", "ล็อบบี้", "หย"])  # fmt: skip
names = st.one_of(
    st.lists(words, min_size=1, max_size=3).map(" ".join), thai, words.map(lambda w: f"{w} 7"), odd
)
prices = st.builds(
    Money,
    st.one_of(
        st.integers(1, 9_000_000).map(Decimal),
        st.decimals("0.01", "99999.99", places=2),
    ),
    st.sampled_from(["THB", "USD", "JPY", "IDR", "EUR"]),
)
days = st.dates(date(2019, 1, 1), date(2032, 12, 31))


@st.composite
def records(draw: st.DrawFn) -> Facts:
    """Facts of any customer, with anything unknown."""
    zones = draw(st.lists(names, max_size=6, unique_by=str.casefold))
    count = draw(st.sampled_from([len(zones) or None, len(zones) + 1, len(zones) + 3, None]))
    price = draw(st.none() | prices)
    person = draw(st.none() | st.lists(words, min_size=1, max_size=2).map(" ".join) | thai)
    return facts(
        customer=draw(names),
        contact=person,
        greeting=person.split()[0] if person else None,
        zone_count=count,
        zone_names=tuple(zones),
        price_per_zone=price,
        total=price.times(count) if price and count else None,
        contract_end=draw(st.none() | days),
        lapsed=draw(st.booleans()),
        offers=draw(st.sampled_from([(), ("rate_locked",)])),
        unsubscribe_url=draw(st.sampled_from([None, "https://campaigns.example/u/x1"])),
    )


texts = st.builds(
    library_text,
    st.sampled_from(CampaignType),
    st.sampled_from(Tone),
    st.sampled_from(["en", "th"]),
    st.sampled_from(Channel),
    st.sampled_from(OCCASIONS),
)


def judge(text: str, known: Facts, written: CohortText) -> tuple[Check, ...]:
    """Judge a message of which `written` was the text, edited or not."""
    made = render(written, known)
    return check(
        text,
        known,
        type_=written.cohort.type,
        language=written.cohort.language,
        composed=made,
        headings=(made.subject, made.preheader),
    )


@settings(max_examples=150, deadline=None)
@given(records(), texts)
def test_every_library_text_passes_for_every_customer(known: Facts, written: CohortText) -> None:
    rendered = render(written, known)
    verdicts = judge(rendered.text, known, written)
    assert [v for v in verdicts if not v.ok] == [], rendered.text


@settings(max_examples=60, deadline=None)
@given(records(), texts)
def test_every_number_in_a_message_is_in_its_facts(known: Facts, written: CohortText) -> None:
    rendered = render(written, known)
    rest = rendered.body
    for phrase in ("0 to 10", "0 ถึง 10"):
        rest = rest.replace(phrase, "")
    assert not re.search(r"\d", rest), "only slots may hold digits"
    assert "None" not in rendered.body
    assert "{" not in rendered.text
    assert "()" not in rendered.text
    for paragraph in rendered.text.split("\n\n"):
        assert paragraph.strip()


# --- corruptions of a message that was right -------------------------------------------------------


@st.composite
def plain_records(draw: st.DrawFn) -> Facts:
    """Facts with everything known, whose names are no words of the language."""
    zones = draw(st.lists(words, min_size=2, max_size=5, unique_by=str.casefold))
    zones = [f"Qx{zone}" for zone in zones]
    price = Money(Decimal(draw(st.integers(100, 90_000))), draw(st.sampled_from(["THB", "USD"])))
    return facts(
        customer="Qz" + draw(words),
        contact=(person := "Qy" + draw(words)),
        greeting=person,
        zone_count=len(zones),
        zone_names=tuple(zones),
        price_per_zone=price,
        total=price.times(len(zones)),
        contract_end=draw(days),
    )


renewals = st.builds(
    library_text,
    st.just(CampaignType.RENEWAL),
    st.sampled_from(Tone),
    st.sampled_from(["en", "th"]),
    st.sampled_from(Channel),
)

Corruption = Callable[[st.DataObject, Facts, Rendered], str]


def once(text: str, old: str, new: str) -> str:
    assert old in text, (old, text)
    return text.replace(old, new, 1)


def wrong_number(data: st.DataObject, known: Facts, r: Rendered) -> str:
    slot = data.draw(st.sampled_from(["price", "total"]))
    digits = re.search(r"[\d,.]+\d", r.values[slot])
    assert digits
    other = data.draw(st.integers(1, 99_999_999))
    assume(other not in (known.price_per_zone.amount, known.total.amount))
    return once(r.text, r.values[slot], r.values[slot].replace(digits[0], f"{other:,}"))


def swapped_roles(data: st.DataObject, known: Facts, r: Rendered) -> str:
    price, total = r.values["price"], r.values["total"]
    return r.text.replace(price, "§").replace(total, price).replace("§", total)


def another_customers_zone(data: st.DataObject, known: Facts, r: Rendered) -> str:
    alien = "Zz" + data.draw(words)
    return once(r.text, data.draw(st.sampled_from(known.zone_names)), alien)


def dropped_zone(data: st.DataObject, known: Facts, r: Rendered) -> str:
    return once(r.text, f", {known.zone_names[-1]}", "")


def wrong_date(data: st.DataObject, known: Facts, r: Rendered) -> str:
    shift = data.draw(st.integers(1, 400)) * data.draw(st.sampled_from([-1, 1]))
    other = known.contract_end + timedelta(days=shift)
    language = "th" if "โซน" in r.text else "en"
    true, ahead = known.contract_end, 543 if language == "th" else 0
    month = MONTHS[language][other.month - 1]
    return r.text.replace(
        r.values["expiry"], f"{other.day} {month} {other.year + ahead}"
    ) if other != true else "never"  # fmt: skip


def wrong_month_length(data: st.DataObject, known: Facts, r: Rendered) -> str:
    month = data.draw(st.sampled_from([2, 4, 6, 9, 11]))
    language = data.draw(st.sampled_from(["en", "th"]))
    year = known.contract_end.year + (543 if language == "th" else 0)
    written = f"31 {MONTHS[language][month - 1]} {year}"
    return r.text.replace(r.values["expiry"], written)


def invented_discount(data: st.DataObject, known: Facts, r: Rendered) -> str:
    n = data.draw(st.integers(1, 99))
    claim = data.draw(
        st.sampled_from(
            [
                f"You get {n}% off.",
                "With a discount.",
                "Half the price.",
                "The first month is free.",
                f"ลด {n}% ค่ะ",
                "มีส่วนลดค่ะ",
                "ลดครึ่งราคาค่ะ",
                "แถมฟรีค่ะ",
            ]
        )
    )
    return r.text.replace("\n\n", f"\n\n{claim} ", 1)


def negated_zone(data: st.DataObject, known: Facts, r: Rendered) -> str:
    word = data.draw(
        st.sampled_from(
            [
                "not ",
                "except ",
                "excluding ",
                "without ",
                "ยกเว้น ",
                "ไม่รวม ",
                "but not ",
                "นอกจาก ",
                "ไม่มี ",
            ]
        )
    )
    zone = data.draw(st.sampled_from(known.zone_names))
    return once(r.text, zone, word + zone)


def leaked_name(data: st.DataObject, known: Facts, r: Rendered) -> str:
    stranger = data.draw(
        st.sampled_from(["Somchai", "Harriet", "Zoltan", "Nok", "สมชาย", "คุณหรรษา", "วิภาวดี"])
    )
    return once(r.text, known.greeting, stranger)


def added_link(data: st.DataObject, known: Facts, r: Rendered) -> str:
    link = data.draw(
        st.sampled_from(
            [
                "https://pay.example/1",
                "www.bma.example",
                "bit.ly/x",
                "a@b.example",
                "pay dot example",
                "LINE: @pay",
            ]
        )
    )
    return r.text.replace("\n\n", f"\n\n{link} ", 1)


def placeholder_left(data: st.DataObject, known: Facts, r: Rendered) -> str:
    open_slot = data.draw(
        st.sampled_from(
            ["{greeting}", "{{name}}", "[Name]", "None", "<name>", "{ชื่อ}", "[ชื่อลูกค้า]", "XXX"]
        )
    )
    return once(r.text, known.greeting, open_slot)


def number_words(data: st.DataObject, known: Facts, r: Rendered) -> str:
    amount = data.draw(
        st.sampled_from(["seven thousand", "ninety", "eight", "แปดพัน", "สองล้าน", "เจ็ดหมื่น"])
    )
    assume(known.price_per_zone.amount not in (7000, 90, 8, 8000, 70_000))
    assume(known.total.amount not in (7000, 90, 8, 8000, 70_000, 2_000_000))
    return once(r.text, r.values["price"], f"{amount} {known.price_per_zone.currency}")


def thai_digits(data: st.DataObject, known: Facts, r: Rendered) -> str:
    other = known.price_per_zone.amount + data.draw(st.integers(1, 9))
    assume(other != known.total.amount)
    digits = str(other).translate(THAI_DIGITS)
    return once(r.text, r.values["price"], f"{digits} บาท")


def wrong_count(data: st.DataObject, known: Facts, r: Rendered) -> str:
    count = str(known.zone_count)
    other = data.draw(st.integers(1, 40))
    assume(other != known.zone_count)
    words = data.draw(st.sampled_from([str(other), str(other).translate(THAI_DIGITS)]))
    return once(r.text, r.values["zones"], r.values["zones"].replace(count, words, 1))


def thai_digits_in_a_date(data: st.DataObject, known: Facts, r: Rendered) -> str:
    other = known.contract_end + timedelta(days=data.draw(st.integers(1, 400)))
    month = MONTHS["th"][other.month - 1]
    written = f"{other.day} {month} {other.year + 543}".translate(THAI_DIGITS)
    return once(r.text, r.values["expiry"], written)


def wrong_era(data: st.DataObject, known: Facts, r: Rendered) -> str:
    year = re.search(r"\d{4}", r.values["expiry"])
    assert year
    shift = -543 if int(year[0]) > 2400 else 543
    other = str(int(year[0]) + shift * data.draw(st.sampled_from([1, 2])))
    assume(int(other) not in (known.contract_end.year, known.contract_end.year + 543))
    return once(r.text, r.values["expiry"], r.values["expiry"].replace(year[0], other))


def another_period(data: st.DataObject, known: Facts, r: Rendered) -> str:
    period = data.draw(st.sampled_from([" per month", " a week", " ต่อเดือน", " every quarter"]))
    return once(r.text, r.values["total"], r.values["total"] + period)


def no_way_out(data: st.DataObject, known: Facts, r: Rendered) -> str:
    return r.text.rpartition("\n\n")[0]


CORRUPTIONS: list[Corruption] = [
    wrong_number, swapped_roles, another_customers_zone, dropped_zone, wrong_date,
    wrong_month_length, invented_discount, negated_zone, leaked_name, added_link,
    placeholder_left, number_words, thai_digits, another_period, no_way_out,
    wrong_count, thai_digits_in_a_date, wrong_era,
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(plain_records(), renewals, st.sampled_from(CORRUPTIONS), st.data())
def test_no_corrupted_message_passes(
    known: Facts, written: CohortText, corrupt: Corruption, data: st.DataObject
) -> None:
    rendered = render(written, known)
    assert passes(judge(rendered.text, known, written))
    text = corrupt(data, known, rendered)
    assume(text != rendered.text)
    assert not passes(judge(text, known, written)), text


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300), records())
def test_no_text_whatever_breaks_the_guard(text: str, known: Facts) -> None:
    verdicts = check(text, known, type_=CampaignType.FOLLOW_UP, language="en")
    assert "guard" not in {v.check for v in verdicts}
    assert all(text[v.start : v.end] == v.found for v in verdicts if v.ok and v.start >= 0)


@given(days, st.sampled_from(["May", "June", "March"]), texts)
def test_a_customer_called_as_a_month_may_be_told_a_date(
    day: date, name: str, written: CohortText
) -> None:
    known = facts(customer=name, contract_end=day)
    rendered = render(written, known)
    assert [v for v in judge(rendered.text, known, written) if not v.ok] == [], rendered.text


@pytest.mark.parametrize("name", ["To", "Out", "Will", "Reply", "All"])
@given(texts)
def test_a_contact_called_as_a_common_word_leaves_the_word_to_the_text(
    name: str, written: CohortText
) -> None:
    known = facts(contact=name, greeting=name)
    rendered = render(written, known)
    assert [v for v in judge(rendered.text, known, written) if not v.ok] == [], rendered.text
