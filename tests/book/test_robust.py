"""Nothing a file can hold stops the reading: it is read, and what is odd is said."""

import cProfile
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.book.books import HEAD, codes

from campaigns.book import parse, vocabulary
from campaigns.book.keys import ordered_keys
from campaigns.model.record import Book, RecordKind

VALUES = st.one_of(
    st.sampled_from(
        ["", "—", "Hotel", "Tech?", "4", "SYB", "THB 12,000", "31/10/2025", "ann@lotus.example",
         "Lobby, Pool", "&amp;", "**", ":", "U" + "0" * 32, "+66 85 664 4142", "Thailand", "๒๕๖๘"]
    ),
    st.text(max_size=30),
)  # fmt: skip
KEYS = st.sampled_from([key for _, key in ordered_keys()] + ["Colour", "General Manager"])
LINES = st.one_of(
    st.builds("- **{}**: {}".format, KEYS, VALUES),
    st.builds("  - {}: {}".format, st.sampled_from(["Email", "Phone", "LINE", "Notes"]), VALUES),
    st.sampled_from(
        ["", "---", "#### Contacts", "#### Issue History", "#### Special Notes", "#### Menu",
         "- No recorded issues yet.", "- **2025-01-01**: silent", "# x", "```", "<!-- -->"]
    ),
    st.builds("### {}".format, VALUES),
    st.text(max_size=40),
)  # fmt: skip
BOOKS = st.lists(LINES, max_size=40).map(lambda lines: HEAD + "\n".join(lines))


def accounted(book: Book, text: str) -> None:
    headings = [r for r in book.records if r.first_line]
    assert len({r.customer.id for r in headings}) == len(headings)
    assert len(book.customers) == sum(r.kind is RecordKind.CUSTOMER for r in book.records)
    for record in book.records:
        assert 1 <= record.first_line <= record.last_line <= text.count("\n") + text.count("\r") + 1
        assert record.kind is RecordKind.CUSTOMER or record.why
        for contact in record.customer.contacts:
            assert contact.addresses
        for said in record.diagnostics:
            assert record.first_line <= said.line <= record.last_line


@settings(max_examples=150)
@given(BOOKS)
def test_every_entry_of_any_book_is_accounted_for(text: str) -> None:
    book = parse(text)
    accounted(book, text)
    assert sum(t.customers for t in vocabulary(book).terms) >= 0


@given(st.text(max_size=300).map(lambda text: HEAD + text))
def test_any_text_under_the_heading_can_be_read(text: str) -> None:
    accounted(parse(text), text)


@given(BOOKS)
def test_reading_twice_gives_the_same(text: str) -> None:
    assert parse(text) == parse(text)


def test_a_line_of_fifty_megabytes_is_cut_and_said() -> None:
    text = f"{HEAD}### Heron House\n- **Zone Names**: {'x' * 50_000_000}\n- **Zone Count**: 4\n"
    tracemalloc.start()
    book = parse(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert book.customers[0].zone_count == 4
    assert "line-too-long" in codes(book)
    assert peak < 250_000_000  # the text, its bytes' worth of lines, and the line that is cut


@pytest.mark.parametrize("heading", ["x" * 1_000_000, "&amp;" * 200_000, "ก" * 500_000])
def test_a_heading_of_any_length_is_read(heading: str) -> None:
    book = parse(f"{HEAD}### {heading}\n")
    assert len(book.records) == 1
    assert len(book.records[0].customer.id) <= 80


def test_nul_and_control_characters_are_left_out_and_said() -> None:
    book = parse(f"{HEAD}### Heron\x00 House\x07\n- **Zone Count**: 4\n")
    assert book.customers[0].name == "Heron House"
    assert "control-character" in codes(book)


def test_the_work_of_reading_grows_no_faster_than_the_book() -> None:
    def calls(count: int) -> int:
        text = HEAD + "\n".join(
            f"### Heron {n % 7} House {count} {n}\n- **Zone Count**: 4\n" for n in range(count)
        )
        profile = cProfile.Profile()
        profile.runcall(parse, text)
        return sum(entry.callcount for entry in profile.getstats())

    calls(10)
    assert calls(1_600) < 4.4 * calls(400)
