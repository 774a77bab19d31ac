"""A change touches its line and no other byte, or nothing at all."""

import fcntl
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.book.books import HEAD, contact, entry

from campaigns.book import accept_inference, load_with_digest, reassign, set_field
from campaigns.book.source import digest_of
from campaigns.model.errors import BookError
from campaigns.model.ids import CustomerId

HILTON = CustomerId("hilton-pattaya")
TEXT = HEAD + "\n---\n\n".join(
    f"### {text}"
    for text in (
        entry("Heron House", zone_names="Lobby"),
        entry("Hilton Pattaya", zone_count="4", contract_end="2025-10-31",
              contacts=contact(email="ann@lotus.example")),
        entry("Ember Bar"),
    )
)  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.md"
    path.write_text(TEXT, encoding="utf-8", newline="")
    return path


def digest(path: Path) -> str:
    return digest_of(path.read_bytes())


def test_a_value_is_changed_in_its_line(book: Path) -> None:
    change = set_field(book, HILTON, "Contract End", "2026-10-31", digest(book))
    assert (change.before, change.text) == (
        "- **Contract End**: 2025-10-31",
        "- **Contract End**: 2026-10-31",
    )
    assert book.read_text("utf-8") == TEXT.replace("2025-10-31", "2026-10-31")
    assert change.digest == digest(book)
    assert book.read_text("utf-8").splitlines()[change.line - 1] == change.text


def test_a_missing_key_is_inserted_at_its_place(book: Path) -> None:
    change = set_field(book, HILTON, "city", "Pattaya", digest(book))
    assert change.before is None
    after = "- **Contract End**: 2025-10-31\n"
    assert book.read_text("utf-8") == TEXT.replace(after, after + "- **City**: Pattaya\n")


def test_a_key_that_comes_first_is_inserted_under_the_heading(book: Path) -> None:
    set_field(book, CustomerId("ember-bar"), "business_type", "Bar", digest(book))
    assert "### Ember Bar\n- **Business Type**: Bar\n" in book.read_text("utf-8")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_stay_as_they_are(book: Path, ending: str) -> None:
    text = TEXT.replace("\n", ending)
    book.write_bytes(text.encode())
    set_field(book, HILTON, "city", "Pattaya", digest(book))
    after = f"- **Contract End**: 2025-10-31{ending}"
    assert book.read_bytes() == text.replace(after, f"{after}- **City**: Pattaya{ending}").encode()


def test_a_last_line_without_an_ending_can_be_followed(book: Path) -> None:
    book.write_text(f"{HEAD}### Heron House", encoding="utf-8", newline="")
    set_field(book, CustomerId("heron-house"), "city", "Leeds", digest(book))
    assert book.read_text("utf-8") == f"{HEAD}### Heron House\n- **City**: Leeds"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- **Zone Count**:4  ", "- **Zone Count**: 5  "),
        ("- **Zone Count**:", "- **Zone Count**: 5"),
        ("* **Zone Count:** 4\t", "* **Zone Count:** 5\t"),
        ("Zone Count: 4", "Zone Count: 5"),
    ],
)
def test_the_way_a_line_is_written_stays(book: Path, before: str, after: str) -> None:
    text = f"{HEAD}### Heron House\n{before}\n\n"
    book.write_text(text, encoding="utf-8", newline="")
    set_field(book, CustomerId("heron-house"), "zone_count", "5", digest(book))
    assert book.read_text("utf-8") == text.replace(before, after)


@settings(max_examples=40)
@given(
    extra=st.text(alphabet="ab#-* :\t\r\n\x0b\u2028\ufeffกิ—", max_size=80),
    value=st.text(alphabet="Ab9 ,&กิ-", min_size=1, max_size=20).map(str.strip).filter(bool),
)
def test_every_other_byte_stays_whatever_the_book_holds(
    tmp_path_factory: pytest.TempPathFactory, extra: str, value: str
) -> None:
    path = tmp_path_factory.mktemp("book") / "book.md"
    text = TEXT.replace("### Ember", f"{extra}\n### Ember")
    path.write_bytes(text.encode())
    set_field(path, HILTON, "hardware", value, digest(path))
    new = path.read_bytes().decode()
    line = f"- **Hardware Type**: {value}"
    assert new.count(line) == 1
    at = new.index(line)
    rest = new[:at] + new[at + len(line) :].lstrip("\r").removeprefix("\n")
    assert rest.replace("\r", "").replace("\n", "") == text.replace("\r", "").replace("\n", "")


def test_a_file_changed_meanwhile_is_refused_and_untouched(book: Path) -> None:
    known = digest(book)
    book.write_text(TEXT + "\n", encoding="utf-8", newline="")
    with pytest.raises(BookError, match=r"book\.md was changed since it was read\. Read it again"):
        set_field(book, HILTON, "city", "Pattaya", known)
    assert book.read_text("utf-8") == TEXT + "\n"


def test_a_change_without_a_digest_takes_the_file_as_it_is(book: Path) -> None:
    assert set_field(book, HILTON, "city", "Pattaya").text == "- **City**: Pattaya"


def test_an_edit_in_the_last_moment_is_refused_and_kept(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def saved_by_an_editor(path: Path, content: bytes, *, like: Path) -> None:
        like.write_text("saved meanwhile", encoding="utf-8")

    monkeypatch.setattr("campaigns.book.rewrite._replace", saved_by_an_editor)
    with pytest.raises(BookError, match="was changed since it was read"):
        set_field(book, HILTON, "city", "Pattaya", digest(book))
    assert book.read_text("utf-8") == "saved meanwhile"


def test_a_locked_book_is_refused_and_untouched(book: Path) -> None:
    with (book.parent / "book.md.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(BookError, match="being changed by another process"):
            set_field(book, HILTON, "city", "Pattaya", digest(book))
    assert book.read_text("utf-8") == TEXT


def test_the_old_book_is_kept_beside_the_new_one(book: Path) -> None:
    set_field(book, HILTON, "city", "Pattaya", digest(book))
    assert (book.parent / "book.md.bak").read_text("utf-8") == TEXT


def test_nothing_but_the_book_its_lock_and_its_backup_is_left(book: Path) -> None:
    set_field(book, HILTON, "city", "Pattaya", digest(book))
    with pytest.raises(BookError):
        set_field(book, HILTON, "contract_end", "soon", digest(book))
    assert {p.name for p in book.parent.iterdir()} == {"book.md", "book.md.bak", "book.md.lock"}


def test_a_failed_write_leaves_the_book_and_says_so(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(BookError, match="cannot be written: No space left on device"):
        set_field(book, HILTON, "city", "Pattaya", digest(book))
    assert book.read_text("utf-8") == TEXT
    assert not [p for p in book.parent.iterdir() if p.name.startswith(".")]


def test_a_symbolic_link_stays_a_link(book: Path) -> None:
    link = book.parent / "link.md"
    link.symlink_to(book)
    set_field(link, HILTON, "city", "Pattaya", digest(book))
    assert link.is_symlink()
    assert "- **City**: Pattaya" in book.read_text("utf-8")


def test_file_permissions_stay(book: Path) -> None:
    book.chmod(0o640)
    set_field(book, HILTON, "city", "Pattaya", digest(book))
    assert book.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("contract_end", "soon", "is not a date"),
        ("contract_end", "03/04/2026", "two different days"),
        ("zone_count", "many", "not a whole number"),
        ("annual price per zone", "12k", "is not one amount"),
        ("annual price per zone", "12,000", "without a currency"),
        ("currency", "gold", "is not a currency code"),
        ("timezone", "Bangkok time", "is not a known time zone"),
        ("region", "Middle Earth", "is not a known region"),
        ("country", "Atlantis", "is not a country"),
        ("city", "Pattaya\n### Evil", "one line"),
        ("city", "x" * 3_000, "at most 2000 characters"),
        ("colour", "blue", "is no key of the book. Choose one of: Business Type"),
    ],
)
def test_a_value_that_could_not_be_read_back_is_refused(
    book: Path, field: str, value: str, reason: str
) -> None:
    with pytest.raises(BookError, match=reason):
        set_field(book, HILTON, field, value, digest(book))
    assert book.read_text("utf-8") == TEXT


def test_an_unknown_customer_is_refused(book: Path) -> None:
    with pytest.raises(BookError, match="no entry has the id nobody"):
        set_field(book, CustomerId("nobody"), "city", "Pattaya", digest(book))


def test_ids_the_caller_knows_count(book: Path) -> None:
    read, known = load_with_digest(book)
    previous = [
        (CustomerId(f"c{at}"), r.customer.name, r.fingerprint) for at, r in enumerate(read.records)
    ]
    set_field(book, CustomerId("c1"), "city", "Pattaya", known, reassign(read, previous))
    assert "- **City**: Pattaya" in book.read_text("utf-8")


def test_a_book_the_file_is_not_is_refused(book: Path, tmp_path: Path) -> None:
    read, _ = load_with_digest(book)
    other = tmp_path / "other.md"
    other.write_text(TEXT.replace("### Heron", "\n\n### Heron"), encoding="utf-8")
    with pytest.raises(BookError, match="not the book this customer was read from"):
        set_field(other, HILTON, "city", "Pattaya", digest(other), read)


def test_an_inference_is_accepted_as_a_new_line(book: Path) -> None:
    for field, line in (
        ("city", "- **City**: Pattaya"),
        ("country", "- **Country**: Thailand"),
        ("brand", "- **Brand**: Hilton Hotels & Resorts"),
        ("timezone", "- **Timezone**: Asia/Bangkok"),
        ("language", "- **Language**: Thai"),
        ("region", "- **Region**: Asia Pacific"),
    ):
        assert accept_inference(book, HILTON, field, digest(book)).text == line
    customer = load_with_digest(book)[0].customers[1]
    stated = (customer.city, customer.country, customer.brand, customer.timezone, customer.language)
    assert {known.source for known in stated if known} == {"file"}


def test_a_group_without_a_flag_is_accepted_as_the_brand(book: Path) -> None:
    book.write_text(f"{HEAD}### Minor Hotels Academy\n", encoding="utf-8", newline="")
    change = accept_inference(book, CustomerId("minor-hotels-academy"), "brand", digest(book))
    assert change.text == "- **Brand**: Minor"


def test_a_value_that_would_be_read_otherwise_is_refused(book: Path) -> None:
    text = f"{HEAD}### Heron House\n- **City:** Leeds\n"
    book.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(BookError, match="cannot stand in the book as it is"):
        set_field(book, CustomerId("heron-house"), "city", ": York", digest(book))
    assert book.read_text("utf-8") == text


def test_setting_the_same_value_again_writes_nothing(book: Path) -> None:
    assert set_field(book, HILTON, "zone_count", "4", digest(book)).digest == digest(book)
    assert not (book.parent / "book.md.bak").exists()


def test_what_is_not_inferred_cannot_be_accepted(book: Path) -> None:
    with pytest.raises(BookError, match="No city is inferred for Heron House"):
        accept_inference(book, CustomerId("heron-house"), "city", digest(book))
    with pytest.raises(BookError, match="never inferred"):
        accept_inference(book, HILTON, "zone_count", digest(book))
    accept_inference(book, HILTON, "city", digest(book))
    with pytest.raises(BookError, match="the book already says Pattaya"):
        accept_inference(book, HILTON, "city", digest(book))
