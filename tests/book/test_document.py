"""Reading and writing back is byte-identical, whatever the file holds."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.book.books import HEAD, codes

from campaigns.book import load, parse
from campaigns.book.document import Document
from campaigns.book.parts import even, heading_of, parts
from campaigns.book.source import decode, digest_of, encode, opened
from campaigns.model.errors import BookError

LINES = st.text(alphabet="ab#-* :\t\r\n\x00\x0b\x0c\x85\u2028\ufeffกิé—", max_size=400)


@given(st.one_of(st.text(), LINES))
def test_joining_the_lines_gives_back_the_same_text(text: str) -> None:
    assert str(Document.of(text)) == text


@given(st.binary(max_size=300))
def test_any_bytes_come_back_as_the_same_bytes(raw: bytes) -> None:
    if not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        assert encode(str(Document.of(decode(raw, Path("book.md"))))) == raw


@given(st.one_of(st.text(), LINES).map(lambda text: HEAD + text), st.integers(1, 60))
def test_parts_cover_every_line_once_and_in_order_however_the_text_comes(
    text: str, size: int
) -> None:
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    whole = list(parts(even([text])))
    assert list(parts(even(pieces))) == whole
    covered = [n for part in whole for n in range(part.first, part.last + 1)]
    assert covered == list(range(1, len(Document.of(text).lines) + 1))
    assert "".join(p.text for p in whole) == text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_ending_gives_the_same_customers(ending: str) -> None:
    text = f"{HEAD}### One\n- **Zone Count**: 2\n\n### Two\n- **Zone Count**: 3"
    customers = parse(text.replace("\n", ending)).customers
    assert [(c.name, c.zone_count) for c in customers] == [("One", 2), ("Two", 3)]


def test_a_byte_order_mark_before_the_heading_is_read_over_and_said() -> None:
    book = parse("\ufeff## Venue Information\n\n### One\n")
    assert [c.name for c in book.customers] == ["One"]
    assert "byte-order-mark" in codes(book)


def test_only_headings_under_venue_information_are_customers() -> None:
    book = parse(f"{HEAD}### One\n\n## Quick Reference\n\n### October\n- **One**: 2025-10-31\n")
    assert [r.customer.name for r in book.records] == ["One"]
    assert "heading-outside" in codes(book)


def test_a_first_level_heading_among_the_customers_ends_nothing() -> None:
    text = f"{HEAD}### One\n\n#### Special Notes\n# 5 is the old amplifier\n\n### Two\n"
    assert [c.name for c in parse(text).customers] == ["One", "Two"]


def test_customers_behind_a_stray_section_are_an_error_not_a_silence() -> None:
    text = f"{HEAD}### One\n\n## To do\n\n### Two\n- **Business Type**: Hotel\n"
    book = parse(text)
    assert [c.name for c in book.customers] == ["One"]
    [found] = [d for d in book.diagnostics if d.code == "entry-outside"]
    assert (found.severity, found.line) == ("error", 11)


def test_an_entry_knows_the_lines_it_spans() -> None:
    book = parse(f"{HEAD}### One\n- **Zone Count**: 2\n\n---\n\n### Two\n")
    assert [(r.first_line, r.last_line) for r in book.records] == [(7, 11), (12, 12)]


def test_headings_need_a_space_after_their_marks() -> None:
    assert heading_of("###no heading\n") == (0, "")
    assert heading_of("### a name \r\n") == (3, "a name")


def test_an_empty_book_has_no_customers_and_says_so() -> None:
    for text in ("", "\ufeff", " \n\r\n", HEAD):
        book = parse(text)
        assert book.customers == ()
        assert "book-empty" in codes(book)


def test_a_missing_file_names_itself_and_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(BookError, match=r"nowhere\.md: there is no such file.*--book"):
        load(tmp_path / "nowhere.md")


def test_a_folder_is_no_book(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="is a folder"):
        load(tmp_path)


def test_bytes_that_are_not_utf8_are_said_and_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "latin1.md"
    path.write_bytes(b"## Venue Information\n\n### Caf\xe9\n- **City**: Leeds\n\n### Oak\xe9 Inn\n")
    book = load(path)
    assert [c.name for c in book.customers] == ["Caf\ufffd", "Oak\ufffd Inn"]
    [found] = [d for d in book.diagnostics if d.code == "foreign-encoding"]
    assert (found.line, found.severity) == (3, "error")
    assert "2 lines in all" in found.message


def test_utf16_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "wide.md"
    path.write_text("## Venue Information\n\n### One\n", encoding="utf-16")
    with pytest.raises(BookError, match=r"wide\.md, line 1: this is UTF-16 text.*UTF-8"):
        load(path)


def test_another_markdown_file_is_no_book(tmp_path: Path) -> None:
    path = tmp_path / "readme.md"
    path.write_text("# Readme\n\n### Install\n", encoding="utf-8")
    with pytest.raises(BookError, match=r"readme\.md, line 1: there is no '## Venue Information'"):
        load(path)


@given(st.binary(max_size=400))
def test_a_file_read_in_pieces_is_the_file_read_whole(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    path = tmp_path_factory.mktemp("book") / "book.md"
    path.write_bytes(b"## Venue Information\n" + raw)
    with opened(path) as file:
        assert "".join(file.chunks()) == decode(path.read_bytes(), path)
        assert file.digest == digest_of(path.read_bytes())


def test_a_file_written_to_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.md"
    path.write_bytes(b"## Venue Information\n")
    with opened(path) as file:
        list(file.chunks())
        path.write_bytes(b"## Venue Information\n### One\n")
        with pytest.raises(BookError, match="being written to"):
            list(file.chunks())
