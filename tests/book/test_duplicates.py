"""Twins by a slip of the keyboard are suspected; names that differ on purpose are not."""

import pytest
from tests.book.books import book_of, entry


def suspected(*names: str) -> list[tuple[str, str]]:
    book = book_of(*(entry(name, zone_count=str(at)) for at, name in enumerate(names)))
    named = {r.customer.id: r.customer.name for r in book.records}
    return [(named[s.first], named[s.second]) for s in book.suspicions]  # type: ignore[index]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Heron Suites Trang", "Heron Suits Trang"),
        ("Citadines Binh Duong", "Citadines Bihn Duong"),
        ("Evergreen Garden", "Evergren Garden"),
        ("Bluebird Roasters", "Blue Bird Roasters"),
        ("Old Town Heron Hostel", "Heron Hostel Old Town"),
        ("Whispering Pines", "Wispering Pines"),
    ],
)
def test_names_that_differ_by_a_slip_are_suspected(one: str, other: str) -> None:
    assert suspected(one, other) == [(one, other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kite Hostel North", "Kite Hostel South"),
        ("Heron Hotel Bali", "Heron Hotel Mali"),
        ("Tower 1", "Tower 2"),
        ("Heron Phase I", "Heron Phase II"),
        ("Bar Nana", "Bat Nana"),
        ("Heron House", "Heron House Trang"),
        ("Heron House", "Heron House"),
        ("Novotel Phuket Resort", "Novotel Phuket Resorts World"),
        ("Heron East", "Heron West"),
    ],
)
def test_names_that_differ_on_purpose_are_not(one: str, other: str) -> None:
    assert suspected(one, other) == []


def test_a_pair_is_suspected_once_and_both_sides_say_so() -> None:
    book = book_of(entry("Heron Suites Trang"), entry("Heron Suits Trang", zone_count="2"))
    assert len(book.suspicions) == 1
    for record in book.records:
        assert [d.code for d in record.diagnostics].count("suspected-duplicate") == 1
    assert [r.kind for r in book.records] == ["customer", "customer"]


def test_a_large_family_of_names_is_a_pattern_not_twins() -> None:
    family = [f"Kiosk {chr(97 + a)}{chr(97 + b)}mo" for a in range(8) for b in range(8)]
    assert suspected(*family) == []
