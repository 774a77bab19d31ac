"""A whole new book is one change: compared, applied, in the trail, and taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.book.books import HEAD, contact, entry

from campaigns import settings
from campaigns.bootstrap import Services, opened
from campaigns.model.access import SYSTEM, Actor
from campaigns.model.errors import BookChanged, NotFound

ANN = Actor(name="Ann", scopes=SYSTEM.scopes)
HERON = entry("Heron House", zone_count="2")
LOTUS = entry("Lotus Inn", zone_count="4", contacts=contact(email="bo@lotus.example"))
EMBER = entry("Ember Bar", zone_count="1")


def text_of(*entries: str) -> str:
    return HEAD + "\n---\n\n".join(f"### {e}" for e in entries)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    book = tmp_path / "book.md"
    book.write_text(text_of(HERON, LOTUS, EMBER), encoding="utf-8", newline="")
    return book


@pytest.fixture
def house(path: Path) -> Iterator[Services]:
    chosen = settings.read(
        campaigns_book=path, campaigns_data=path.parent / "data", campaigns_today="2025-09-15"
    )
    with opened(chosen) as services:
        yield services


NEW = text_of(HERON.replace("**Zone Count**: 2", "**Zone Count**: 3"), LOTUS, "Ada House\n")


def test_a_new_book_says_what_it_changes_before_anything_is_written(
    house: Services, path: Path
) -> None:
    before = path.read_bytes()
    found = house.bookkeeping.compare(NEW.encode())
    assert (list(found.added), list(found.changed), list(found.removed)) == (
        ["Ada House"],
        ["Heron House"],
        ["Ember Bar"],
    )
    assert (found.before, found.removes_many) == (3, True)
    assert path.read_bytes() == before


def test_a_new_book_is_one_change_that_can_be_taken_back(house: Services, path: Path) -> None:
    before = path.read_bytes()
    found = house.bookkeeping.compare(NEW.encode())
    assert house.bookkeeping.apply(found.token, found.based_on, ANN) == 3
    assert path.read_text("utf-8") == NEW
    [change], _ = house.editing.changes("", 10)
    assert (change.action, change.actor) == ("book.replaced", "Ann")
    house.editing.undo(ANN)
    assert path.read_bytes() == before
    trail, _ = house.access.audit("book", "", 10)
    assert sorted(e.action for e in trail) == ["book.replaced", "book.undone"]


def test_an_edit_after_a_new_book_stays_when_it_is_taken_back(house: Services, path: Path) -> None:
    new = text_of(HERON, LOTUS, EMBER, "Ada House\n")
    found = house.bookkeeping.compare(new.encode())
    house.bookkeeping.apply(found.token, found.based_on, ANN)
    change = house.editing.changes("", 1)[0][0]
    house.editing.set_value(house.editing.find("Heron House").id, "city", "Leeds", ANN)
    house.editing.undo(ANN, change.id)
    text = path.read_text("utf-8")
    assert "Ada House" not in text
    assert "- **City**: Leeds" in text


def test_a_new_book_compared_with_another_one_is_refused(house: Services, path: Path) -> None:
    found = house.bookkeeping.compare(NEW.encode())
    by_hand = path.read_text("utf-8").replace("Ember Bar", "Ember Lounge")
    path.write_text(by_hand, encoding="utf-8", newline="")
    with pytest.raises(BookChanged, match="Read it again"):
        house.bookkeeping.apply(found.token, found.based_on, ANN)
    assert path.read_text("utf-8") == by_hand


def test_a_file_that_is_not_kept_is_asked_for_again(house: Services) -> None:
    with pytest.raises(NotFound, match="Upload it again"):
        house.bookkeeping.apply("0" * 64, "", ANN)
