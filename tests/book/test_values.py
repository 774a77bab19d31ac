"""Typed values: what cannot be read is unknown and said, never guessed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.book.books import codes, customer_of, record_of

from campaigns.book import parse
from campaigns.book.amounts import currency_code, read_amount
from campaigns.book.dates import read_date
from campaigns.book.terms import read_business_type, read_platform
from campaigns.book.words import is_blank
from campaigns.book.zones import read_zones
from campaigns.model.money import Money

DAYS = st.dates(date(1971, 1, 1), date(2198, 12, 31))
OCTOBER = date(2025, 10, 31)


@pytest.mark.parametrize("text", ["", "—", "–", "-", "N/A", "TBA", "n/a", " — ", "??", "None"])
def test_blanks_say_nothing(text: str) -> None:
    assert is_blank(text.strip())


@pytest.mark.parametrize("text", ["0", "Noon", "A", "Nana", "ไม่"])
def test_short_values_are_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    "written",
    [
        "2025-10-31",
        "2025/10/31",
        "31/10/2025",
        "31.10.2025",
        "10/31/2025",
        "31 Oct 2025",
        "31-Oct-25",
        "31st October 2025",
        "October 31, 2025",
        "2025-10-31 00:00:00",
        "2025-10-31T00:00:00Z",
        "31 ตุลาคม 2568",
        "๓๑ ต.ค. ๒๕๖๘",
        "31 ตุลาคม พ.ศ. 2568",
        "2568-10-31",
    ],
)
def test_dates_are_read_however_they_are_written(written: str) -> None:
    assert read_date(written).date == OCTOBER


@pytest.mark.parametrize("written", ["03/04/2025", "3.4.2025", "11/12/2568"])
def test_a_date_that_can_be_two_days_is_no_date(written: str) -> None:
    assert (read_date(written).date, read_date(written).problem) == (None, "ambiguous")


@pytest.mark.parametrize(
    "written",
    [
        "Oct 2025",
        "31/02/2025",
        "45961",
        "end of October",
        "2025-10-31 TBC",
        "2025",
        "1/2/25",
        "๑",
        "1815-06-18",
    ],
)
def test_what_is_not_one_day_is_no_date(written: str) -> None:
    assert (read_date(written).date, read_date(written).problem) == (None, "unreadable")


@given(DAYS)
def test_iso_dates_and_their_buddhist_years_are_the_same_day(day: date) -> None:
    assert read_date(day.isoformat()).date == day
    assert read_date(day.isoformat()).iso
    assert read_date(f"{day.year + 543}-{day.month}-{day.day}").date == day


@given(DAYS)
def test_day_first_dates_are_read_right_or_not_at_all(day: date) -> None:
    read = read_date(f"{day:%d/%m/%Y}")
    assert read.date == day or (read.date is None and day.day <= 12)


@pytest.mark.parametrize(
    ("written", "amount", "currency"),
    [
        ("THB 12,000", "12000", "THB"),
        ("12,000", "12000", None),
        ("฿12,000", "12000", "THB"),
        ("12,000 บาท", "12000", "THB"),
        ("THB12,000.50 per zone", "12000.50", "THB"),
        ("12,000 THB / zone / year", "12000", "THB"),
        ("US$1,200", "1200", "USD"),
        ("$1,200", "1200", None),
        ("¥50000", "50000", None),
        ("RM 450", "450", "MYR"),
        ("€ 390", "390", "EUR"),
    ],
)
def test_money_is_one_amount_and_at_most_one_currency(
    written: str, amount: str, currency: str | None
) -> None:
    assert read_amount(written) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "written",
    [
        "12k",
        "THB 12,000 + VAT",
        "12,000 - 14,000",
        "1.200,00",
        "free",
        "0",
        "-5",
        "THB 1,000 per month",
    ],
)
def test_what_is_not_one_amount_is_no_price(written: str) -> None:
    assert read_amount(written)[0] is None


@pytest.mark.parametrize(
    ("written", "code"),
    [("thb", "THB"), ("Baht", "THB"), ("S$", "SGD"), ("$", None), ("XYZ", None), ("บาท", "THB")],
)
def test_currencies_are_codes_or_unknown(written: str, code: str | None) -> None:
    assert currency_code(written) == code


def test_a_price_takes_its_currency_from_the_currency_line() -> None:
    customer = customer_of("A", annual_price_per_zone="$1,200", currency="AUD", zone_count="3")
    assert customer.price_per_zone == Money(Decimal(1200), "AUD")
    assert customer.value == Money(Decimal(3600), "AUD")


def test_a_price_that_contradicts_its_currency_line_is_unknown() -> None:
    record = record_of("A", annual_price_per_zone="THB 1,200", currency="USD")
    assert record.customer.price_per_zone is None
    assert record.customer.currency == "USD"


def test_a_price_without_a_currency_is_unknown() -> None:
    assert customer_of("A", annual_price_per_zone="1,200").price_per_zone is None


@pytest.mark.parametrize(
    ("written", "count"),
    [("4", 4), ("4 zones", 4), ("12.0", 12), ("—", None), ("four", None), ("2-3", None), ("0", 0)],
)
def test_zone_counts_are_whole_numbers(written: str, count: int | None) -> None:
    assert customer_of("A", zone_count=written).zone_count == count


def shown(written: str, customer: str = "Lotus Hotel") -> list[str]:
    return [zone.name for zone in read_zones(written, customer) if zone.problem is None]


def test_zones_are_split_on_commas_only() -> None:
    assert shown("Edge, Drift Bar / Deck, 29 / 30, Lobby | Bar & Grill") == [
        "Edge",
        "Drift Bar / Deck",
        "29 / 30",
        "Lobby | Bar & Grill",
    ]


@pytest.mark.parametrize(
    "zone",
    [
        "not signed yet",
        "ADD",
        "TBA",
        "Public Areas?",
        "Pubic Areas",
        "LOTUS  hotel",
        "A-0417|B-0418",
    ],
)
def test_remarks_doubts_slips_codes_and_the_own_name_are_not_shown(zone: str) -> None:
    assert shown(f"Lobby, {zone}") == ["Lobby"]


@pytest.mark.parametrize(
    "zone", ["Check In", "All Day Dining", "Level 2", "B1", "The Add Room", "29"]
)
def test_names_that_look_like_remarks_are_kept(zone: str) -> None:
    assert shown(zone) == [zone]


def test_zone_names_are_shown_clean() -> None:
    assert shown("Dining &amp; Bar, Sun\u00adset  Deck") == ["Dining & Bar", "Sunset Deck"]


@given(st.lists(st.text(max_size=20), max_size=8))
def test_every_zone_named_is_shown_or_has_a_reason(parts: list[str]) -> None:
    for zone in read_zones(",".join(parts), "Lotus Hotel"):
        assert zone.name
        assert "," not in zone.name
        assert zone.problem is None or zone.problem.startswith("zone-")


@pytest.mark.parametrize(
    ("written", "value", "problem"),
    [
        ("Hotel", "Hotel", None),
        ("hotels", "Hotel", "folded"),
        ("Restuarant", "Restaurant", "folded"),
        ("Wine Bar", "Bar and Wine Bar", "folded"),
        ("โรงแรม", "Hotel", "folded"),
        ("Gym", "Fitness", "folded"),
        ("Bar / Wine Bar", "Bar and Wine Bar", "folded"),
        ("Mini PC", None, "device"),
        ("Low", None, "device"),
        ("Tech?", None, "questioned"),
        ("Restuarant / Tech", "Restuarant / Tech", "unknown"),
        ("Host", "Host", "unknown"),
    ],
)
def test_business_types_are_folded_only_where_that_is_certain(
    written: str, value: str | None, problem: str | None
) -> None:
    assert read_business_type(written) == (value, problem)


@pytest.mark.parametrize(
    ("written", "value", "problem"),
    [
        ("SYB", "Soundtrack Your Brand", None),
        ("Soundtrack Your Brand", "Soundtrack Your Brand", None),
        ("SYB (Multi)", "Soundtrack Your Brand", "folded"),
        ("beat breeze", "Beat Breeze", None),
        ("DM(W)", "DM(W)", "unmapped"),
        ("DM", "DM", "unmapped"),
        ("TBA", "TBA", "unmapped"),
        ("Jukebox 3000", "Jukebox 3000", "unmapped"),
    ],
)
def test_platforms_fold_into_one_name_or_keep_their_own(
    written: str, value: str, problem: str | None
) -> None:
    assert read_platform(written) == (value, problem)


def test_a_platform_that_is_not_yet_known_is_no_platform() -> None:
    assert customer_of("A", music_platform="—").platform is None


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-400, 400))
def test_a_contract_that_ends_before_it_starts_is_said(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    record = record_of("A", contract_start=str(start), contract_end=str(end))
    said = {d.code for d in record.diagnostics}
    assert ("contract-reversed" in said) == (days < 0)
    assert ("contract-one-day" in said) == (days == 0)
    assert (record.customer.contract_start, record.customer.contract_end) == (start, end)


def test_the_lines_of_values_are_known() -> None:
    customer = customer_of("A", zone_count="4", contract_end="2025-10-31")
    assert (customer.line, customer.line_of("zone_count"), customer.line_of("contract_end")) == (
        7,
        8,
        9,
    )
    assert customer.line_of("platform") == 7


def test_keys_are_known_in_any_spelling_and_unknown_ones_are_kept_out() -> None:
    record = record_of("A", zone_COUNT="4", favourite_colour="blue")
    assert record.customer.zone_count == 4
    assert "key-unknown" in {d.code for d in record.diagnostics}


@pytest.mark.parametrize(
    "line", ["* **Zone Count**: 4", "- **Zone Count:** 4", "- Zone Count: 4", "Zone Count: 4"]
)
def test_a_key_is_read_from_every_common_kind_of_line(line: str) -> None:
    book = parse(f"## Venue Information\n### A\n{line}\n")
    assert book.customers[0].zone_count == 4
    assert "line-unread" not in codes(book)


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("**Key Account**: yes", True),
        ("**VIP**: Y", True),
        ("**ลูกค้าสำคัญ**: ใช่", True),
        ("**Key Account**: no", False),
        ("**Key Account**: ไม่ใช่", False),
        ("**Key Account**: —", None),
        ("**Key Account**: very much", None),
        ("**City**: Leeds", None),
    ],
)
def test_a_key_account_is_one_only_where_a_person_said_so(line: str, marked: bool | None) -> None:
    assert customer_of(f"Lotus House\n- {line}\n").key_account is marked
