"""A few seconds of `make fuzz`, and the books that nobody should have."""

import runpy
from pathlib import Path

import pytest
from tests.book.books import HEAD, codes, contact, entry

from campaigns.book import load, parse
from campaigns.book.document import Document
from campaigns.book.edits.layout import Place
from campaigns.book.edits.people import Person, put_contact
from campaigns.book.edits.splice import applied

FUZZ = runpy.run_path(str(Path(__file__).parents[2] / "bench" / "fuzz_book.py"))
ENTRIES = FUZZ["entries_of"](FUZZ["SAMPLE"])


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_book_is_read_edited_and_put_back(seed: int) -> None:
    FUZZ["one_round"](ENTRIES, 1_000_000 + seed)


def test_ten_thousand_contacts_in_one_entry_are_read_and_one_more_is_added() -> None:
    people = "\n\n".join(
        contact("Owner", f"Ann{n}", email=f"ann{n}@lotus.example") for n in range(10_000)
    )
    text = f"{HEAD}### {entry('Lotus Inn', contacts=people)}"
    [record] = parse(text).records
    assert len(record.customer.contacts) == 10_000
    assert len({c.id for c in record.customer.contacts}) == 10_000
    assert "contacts-many" in {d.code for d in record.diagnostics}
    place = Place(name="Lotus Inn", first=record.first_line, last=record.last_line)
    bo = Person(role="Owner", name="Bo", lines={"email": "bo@lotus.example"})
    document = Document.of(text)
    after = str(applied(document, put_contact(document, place, bo)))
    assert len(parse(after).customers[0].contacts) == 10_001


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ((HEAD + "### Caf").encode() + b"\xe9\n", "foreign-encoding"),
        (b"\xef\xbb\xbf" + (HEAD + "### A\n").encode(), "byte-order-mark"),
        ((HEAD + "### A\n").encode().replace(b"\n", b"\r\n") + b"### B\n", "line-endings-mixed"),
        ((HEAD + "### A\x00B\n").encode(), "control-character"),
    ],
)
def test_odd_bytes_are_read_and_said(tmp_path: Path, raw: bytes, said: str) -> None:
    path = tmp_path / "book.md"
    path.write_bytes(raw)
    book = load(path)
    assert said in codes(book)
    assert book.customers
