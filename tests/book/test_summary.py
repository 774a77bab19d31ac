"""The summary leads with what a person should do first, and counts everybody once."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.book.books import book_of, contact, entry

from campaigns.book.summary import Summary, everything_said, of_book
from campaigns.model.record import Book, RecordKind, Severity

TODAY = date(2025, 9, 15)
MAIL = contact(email="ann@lotus.example")


def summed(*entries: str, days: int = 90) -> Summary:
    return of_book(book_of(*entries), TODAY, days)


def test_contracts_ending_soon_that_cannot_be_reached_come_first_soonest_on_top() -> None:
    found = summed(
        entry("Late House", contract_end="2025-12-14", zone_count="9"),
        entry("Soon House", contract_end="2025-09-15", zone_count="2"),
        entry("Large Soon House", contract_end="2025-09-15", zone_count="5"),
        entry("Reached House", contract_end="2025-10-01", contacts=MAIL),
        entry("Over House", contract_end="2025-09-14"),
        entry("Far House", contract_end="2025-12-15"),
        entry("Endless House", zone_count="1"),
    )
    assert [(e.name, e.days) for e in found.ending] == [
        ("Large Soon House", 0),
        ("Soon House", 0),
        ("Late House", 90),
    ]
    assert found.ending_soon == 4


def test_people_without_an_address_are_told_from_nobody() -> None:
    found = summed(
        entry("A House", contract_end="2025-10-01", contacts=contact(email="—")),
        entry("B House", contract_end="2025-10-02"),
    )
    assert [(e.name, e.people) for e in found.ending] == [("A House", 1), ("B House", 0)]


def test_each_missing_thing_is_counted_with_examples_and_the_command_that_fills_it() -> None:
    found = summed(
        entry("A House", zone_count="1", zone_names="Lobby", business_type="Hotel"),
        entry("B House", contract_end="2026-01-01", contacts=MAIL),
        *(entry(f"{name} Inn", zone_count="2", contacts=MAIL) for name in ("C", "D", "E", "F")),
    )
    missing = {m.thing: m for m in found.missing}
    assert missing["address"].customers == 1
    assert missing["address"].command.startswith('campaigns book contact "A House"')
    assert missing["contract_end"].customers == 5
    assert missing["contract_end"].examples == ("A House", "C Inn", "D Inn")
    assert missing["zone_count"].examples == ("B House",)
    assert next(iter(missing)) == "address"


def test_a_name_with_quotes_gives_a_command_that_can_be_typed() -> None:
    assert '"The \\"Deck\\""' in summed(entry('The "Deck"', zone_count="1")).missing[0].command


def test_what_nobody_lacks_is_not_listed() -> None:
    found = summed(
        entry("Hilton Pattaya", business_type="Hotel", zone_count="2", zone_names="Lobby, Pool",
              music_platform="SYB", annual_price_per_zone="THB 12,000", currency="THB",
              contract_end="2026-01-01", contacts=MAIL)
    )  # fmt: skip
    assert found.missing == ()


def test_headings_are_counted_apart_from_customers() -> None:
    found = summed("Vietnam\n", "renewal pending\n", entry("A House", zone_count="1"))
    assert (found.entries, found.customers) == (3, 1)
    assert found.kinds[RecordKind.PLACE_HEADING] == 1


def test_remarks_are_summed_worst_first_with_their_first_line() -> None:
    found = summed(
        entry("A House", zone_count="1", contract_end="soon"),
        entry("B House", zone_count="many", contract_end="later"),
    )
    worst = found.remarks[0]
    assert (worst.code, worst.severity, worst.count) == ("date-unreadable", Severity.ERROR, 2)
    assert worst.first_line == 9
    assert found.said(Severity.ERROR) == 2


ENTRIES = st.lists(
    st.builds(
        lambda n, end, zones, reached: entry(
            f"House {n}",
            zone_count=str(zones),
            contract_end=str(TODAY + timedelta(days=end)) if end is not None else "—",
            contacts=MAIL if reached else "",
        ),
        st.integers(0, 50),
        st.none() | st.integers(-100, 200),
        st.integers(0, 12),
        st.booleans(),
    ),
    max_size=8,
)


@given(ENTRIES)
def test_the_figures_are_those_of_the_book(entries: list[str]) -> None:
    book: Book = book_of(*entries)
    found = of_book(book, TODAY)
    unreached = sum(m.customers for m in found.missing if m.thing == "address")
    assert found.customers == len(book.customers) == found.reachable + unreached
    assert sum(found.kinds.values()) == found.entries == len(book.records)
    assert len(found.ending) <= min(unreached, found.ending_soon)
    assert sum(r.count for r in found.remarks) == len(everything_said(book))
