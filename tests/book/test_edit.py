"""A change touches its line and no other byte, or nothing at all."""

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.book.books import HEAD, contact, entry

from campaigns import settings as options
from campaigns.bootstrap import Services, opened
from campaigns.model.access import SYSTEM
from campaigns.model.change import Change, ChangeStatus
from campaigns.model.errors import BookError, NotFound
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


@pytest.fixture
def house(book: Path) -> Iterator[Services]:
    with opened(options.read(campaigns_book=book), in_memory=True) as services:
        yield services


def put(house: Services, name: str, field: str, value: str) -> Change:
    return house.editing.set_value(CustomerId(name), field, value, SYSTEM)


def test_a_value_is_changed_in_its_line(house: Services, book: Path) -> None:
    change = put(house, HILTON, "Contract End", "2026-10-31")
    [hunk] = change.hunks
    assert (hunk.before, hunk.after) == (
        ("- **Contract End**: 2025-10-31\n",),
        ("- **Contract End**: 2026-10-31\n",),
    )
    new = book.read_text("utf-8")
    assert new == TEXT.replace("2025-10-31", "2026-10-31")
    assert new.splitlines(keepends=True)[hunk.line - 1] == hunk.after[0]


def test_a_missing_key_is_inserted_at_its_place(house: Services, book: Path) -> None:
    put(house, HILTON, "city", "Pattaya")
    after = "- **Contract End**: 2025-10-31\n"
    assert book.read_text("utf-8") == TEXT.replace(after, after + "- **City**: Pattaya\n")


def test_a_key_that_comes_first_is_inserted_under_the_heading(house: Services, book: Path) -> None:
    put(house, "ember-bar", "business_type", "Bar")
    assert "### Ember Bar\n- **Business Type**: Bar\n" in book.read_text("utf-8")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_stay_as_they_are(house: Services, book: Path, ending: str) -> None:
    text = TEXT.replace("\n", ending)
    book.write_bytes(text.encode())
    put(house, HILTON, "city", "Pattaya")
    after = f"- **Contract End**: 2025-10-31{ending}"
    assert book.read_bytes() == text.replace(after, f"{after}- **City**: Pattaya{ending}").encode()


def test_a_last_line_without_an_ending_can_be_followed(house: Services, book: Path) -> None:
    book.write_text(f"{HEAD}### Heron House", encoding="utf-8", newline="")
    put(house, "heron-house", "city", "Leeds")
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
def test_the_way_a_line_is_written_stays(
    house: Services, book: Path, before: str, after: str
) -> None:
    text = f"{HEAD}### Heron House\n{before}\n\n"
    book.write_text(text, encoding="utf-8", newline="")
    put(house, "heron-house", "zone_count", "5")
    assert book.read_text("utf-8") == text.replace(before, after)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    extra=st.text(alphabet="ab#-* :\t\r\n\x0b\u2028\ufeffกิ—", max_size=80),
    value=st.text(alphabet="Ab9 ,&กิ-", min_size=1, max_size=20).map(str.strip).filter(bool),
)
def test_every_other_byte_stays_whatever_the_book_holds(
    house: Services, book: Path, extra: str, value: str
) -> None:
    text = TEXT.replace("### Ember", f"{extra}\n### Ember")
    book.write_bytes(text.encode())
    put(house, HILTON, "hardware", value)
    new = book.read_bytes().decode()
    line = f"- **Hardware Type**: {value}"
    assert new.count(line) == 1
    at = new.index(line)
    rest = new[:at] + new[at + len(line) :].lstrip("\r").removeprefix("\n")
    assert rest.replace("\r", "").replace("\n", "") == text.replace("\r", "").replace("\n", "")


def test_an_edit_in_the_last_moment_is_refused_and_kept(
    house: Services, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def saved_by_an_editor(path: Path, content: bytes, *, like: Path) -> None:
        like.write_text("saved meanwhile", encoding="utf-8")

    monkeypatch.setattr("campaigns.book.rewrite._replace", saved_by_an_editor)
    with pytest.raises(BookError, match="was changed since it was read"):
        put(house, HILTON, "city", "Pattaya")
    assert book.read_text("utf-8") == "saved meanwhile"


def test_a_locked_book_is_refused_and_untouched(house: Services, book: Path) -> None:
    with (book.parent / "book.md.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(BookError, match="being changed by another process"):
            put(house, HILTON, "city", "Pattaya")
    assert book.read_text("utf-8") == TEXT


def test_the_old_book_is_kept_beside_the_new_one(house: Services, book: Path) -> None:
    put(house, HILTON, "city", "Pattaya")
    assert (book.parent / "book.md.bak").read_text("utf-8") == TEXT


def test_nothing_but_the_book_its_lock_and_its_backup_is_left(house: Services, book: Path) -> None:
    put(house, HILTON, "city", "Pattaya")
    with pytest.raises(BookError):
        put(house, HILTON, "contract_end", "soon")
    assert {p.name for p in book.parent.iterdir()} == {"book.md", "book.md.bak", "book.md.lock"}


def test_a_failed_write_leaves_the_book_and_says_so(
    house: Services, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(BookError, match="cannot be written: No space left on device"):
        put(house, HILTON, "city", "Pattaya")
    assert book.read_text("utf-8") == TEXT
    assert not [p for p in book.parent.iterdir() if p.name.startswith(".")]


def test_a_symbolic_link_stays_a_link(book: Path) -> None:
    link = book.parent / "link.md"
    link.symlink_to(book)
    with opened(options.read(campaigns_book=link), in_memory=True) as linked:
        put(linked, HILTON, "city", "Pattaya")
    assert link.is_symlink()
    assert "- **City**: Pattaya" in book.read_text("utf-8")


def test_file_permissions_stay(house: Services, book: Path) -> None:
    book.chmod(0o640)
    put(house, HILTON, "city", "Pattaya")
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
    house: Services, book: Path, field: str, value: str, reason: str
) -> None:
    with pytest.raises(BookError, match=reason):
        put(house, HILTON, field, value)
    assert book.read_text("utf-8") == TEXT


def test_an_unknown_customer_is_refused(house: Services) -> None:
    with pytest.raises(NotFound, match="no entry nobody"):
        put(house, "nobody", "city", "Pattaya")


def test_an_id_stays_with_its_customer_though_the_name_and_the_place_change(
    house: Services, book: Path
) -> None:
    first, hilton, last = TEXT.removeprefix(HEAD).split("---\n\n")
    hilton = hilton.replace("Hilton Pattaya", "Hilton Jomtien")
    book.write_text(f"{HEAD}{hilton}---\n\n{first}---\n\n{last}", encoding="utf-8", newline="")
    put(house, HILTON, "city", "Jomtien")
    assert "### Hilton Jomtien" in book.read_text("utf-8").partition("- **City**: Jomtien")[0]


def test_an_inference_is_accepted_as_a_new_line(house: Services, book: Path) -> None:
    for field, line in (
        ("city", "- **City**: Pattaya"),
        ("country", "- **Country**: Thailand"),
        ("brand", "- **Brand**: Hilton Hotels & Resorts"),
        ("timezone", "- **Timezone**: Asia/Bangkok"),
        ("language", "- **Language**: Thai"),
        ("region", "- **Region**: Asia Pacific"),
    ):
        [hunk] = house.editing.accept(HILTON, field, SYSTEM).hunks
        assert line in hunk.after[-1]
    customer, _ = house.customers.get(HILTON)
    stated = (customer.city, customer.country, customer.brand, customer.timezone, customer.language)
    assert {known.source for known in stated if known} == {"file"}


def test_a_group_without_a_flag_is_accepted_as_the_brand(house: Services, book: Path) -> None:
    book.write_text(f"{HEAD}### Minor Hotels Academy\n", encoding="utf-8", newline="")
    house.editing.accept(house.editing.find("Minor Hotels Academy").id, "brand", SYSTEM)
    assert "- **Brand**: Minor\n" in book.read_text("utf-8")


def test_a_value_that_would_be_read_otherwise_is_refused(house: Services, book: Path) -> None:
    text = f"{HEAD}### Heron House\n- **City:** Leeds\n"
    book.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(BookError, match="cannot stand in the book as it is"):
        put(house, "heron-house", "city", ": York")
    assert book.read_text("utf-8") == text


def test_setting_the_same_value_again_writes_nothing(house: Services, book: Path) -> None:
    assert put(house, HILTON, "zone_count", "4").status is ChangeStatus.DROPPED
    assert not (book.parent / "book.md.bak").exists()


def test_what_is_not_inferred_cannot_be_accepted(house: Services) -> None:
    accept = house.editing.accept
    with pytest.raises(BookError, match="No city is inferred for Heron House"):
        accept(CustomerId("heron-house"), "city", SYSTEM)
    with pytest.raises(BookError, match="never inferred"):
        accept(HILTON, "zone_count", SYSTEM)
    accept(HILTON, "city", SYSTEM)
    with pytest.raises(BookError, match="the book already says Pattaya"):
        accept(HILTON, "city", SYSTEM)
