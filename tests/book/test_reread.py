"""A changed book is brought into the tables entry by entry, with the same result as reading it all."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from tests.book.books import HEAD, contact, entry
from tests.support.sending import NOON, HandClock

from campaigns import book as books
from campaigns.model.ids import CustomerId
from campaigns.model.record import Diagnostic, Read
from campaigns.orchestrator.customers import CustomerBook
from campaigns.orchestrator.reread import Reread, reread
from campaigns.store import SqlStore
from campaigns.store.database import sqlite_engine
from campaigns.store.store import SqlTx

MAIL = contact(email="ann@lotus.example")


@pytest.fixture(scope="module")
def store() -> Iterator[SqlStore]:
    made = SqlStore(sqlite_engine(None))
    made.create()
    yield made
    made.engine.dispose()


def text_of(entries: list[str], updated: str = "2025-09-15") -> str:
    head = HEAD.replace("2025-09-15", updated)
    return head + "\n---\n\n".join(f"### {e.lstrip()}\n" for e in entries)


def bring(tx: SqlTx, text: str, *, everything: bool = False) -> Reread:
    reading = books.Reading(lambda: [text], "book")
    done = reread(tx, reading, NOON, everything=everything)
    tx.customers.came_from("digest", "", reading.outline.updated)
    return done


def state(tx: SqlTx) -> object:
    known = tx.entries.known()
    ids = [m.id for m in known]
    return (
        known,
        [c for i in ids if (c := tx.customers.get(i))],
        [tx.customers.private(i) for i in ids],
        list(tx.entries.glances()),
        tx.remarks.page(0, 1_000),
        tx.remarks.suspicions(),
        tx.entries.kinds(),
        tx.entries.tally(),
    )


NAMES = ("Heron House", "Heron Hause", "Kiosk", "Kiosk Ada", "Kiosk Ben", "Kiosk Cleo",
         "Formerly Lotus Inn", "Vietnam", "renewal pending", "Meliá Trang", "Melia Krabi")  # fmt: skip
ENTRIES = st.lists(
    st.builds(
        lambda name, zones, start, mail: entry(
            name, zone_count=zones, contract_start=start, contacts=MAIL if mail else ""
        ),
        st.sampled_from(NAMES),
        st.sampled_from(["", "1", "2"]),
        st.sampled_from(["", "2025-09-10", "2025-12-01"]),
        st.booleans(),
    ),
    max_size=8,
)
DAYS = st.sampled_from(["2025-09-01", "2025-09-15", "2026-01-01"])


@settings(max_examples=120)
@given(ENTRIES, ENTRIES, DAYS, DAYS)
def test_rereading_gives_what_reading_everything_gives(
    store: SqlStore, before: list[str], now: list[str], then: str, today: str
) -> None:
    with store.begin() as tx:
        tx.entries.drop([m.id for m in tx.entries.known()])
        bring(tx, text_of(before, then))
        bring(tx, text_of(now, today))
        changed_only = state(tx)
        bring(tx, text_of(now, today), everything=True)
        assert state(tx) == changed_only


def test_only_changed_entries_are_read(store: SqlStore) -> None:
    entries = [entry(f"{name} House", zone_count="2") for name in ("Ada", "Ben", "Cleo", "Dora")]
    with store.begin() as tx:
        tx.entries.drop([m.id for m in tx.entries.known()])
        assert bring(tx, text_of(entries)) == Reread(4, 0, 0)
        assert bring(tx, text_of(entries)) == Reread(0, 4, 0)
        entries[2] = entry("Cleo House", zone_count="3")
        assert bring(tx, text_of(entries)) == Reread(1, 3, 0)
        del entries[1]
        assert bring(tx, text_of(["New House\n", *entries])) == Reread(1, 3, 1)
        assert [m.id for m in tx.entries.known()] == [
            "new-house", "ada-house", "cleo-house", "dora-house"
        ]  # fmt: skip


def test_lines_of_entries_that_moved_are_told_as_they_are_now(store: SqlStore) -> None:
    first = entry("Ada House", zone_count="many")
    second = entry("Ben House", zone_count="few", contract_end="2025-10-31", contacts=MAIL)
    with store.begin() as tx:
        tx.entries.drop([m.id for m in tx.entries.known()])
        bring(tx, text_of([second]))
        bring(tx, text_of([first, second]))
        text = text_of([first, second])
        fresh = books.parse(text)
        assert tx.customers.get(CustomerId("ben-house")) == fresh.customers[1]
        said = sorted((d.line, d.code) for r in fresh.records for d in r.diagnostics)
        assert [(d.line, d.code) for d in tx.remarks.page(0, 100)] == said
        assert all(isinstance(d, Diagnostic) for d in tx.remarks.page(0, 100))


class Statements:
    """Counts the statements that write."""

    def __init__(self, store: SqlStore) -> None:
        self.written: list[str] = []
        event.listen(store.engine, "before_cursor_execute", self._note)

    def _note(self, _c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.split(maxsplit=1)[0] in {"INSERT", "UPDATE", "DELETE"}:
            self.written.append(statement)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.md"
    path.write_text(text_of([entry("Ada House", zone_count="2"), entry("Ben House")]), "utf-8")
    return path


@pytest.fixture
def fresh() -> Iterator[SqlStore]:
    made = SqlStore(sqlite_engine(None))
    made.create()
    yield made
    made.engine.dispose()


def test_a_start_on_an_unchanged_book_reads_no_entry_and_writes_nothing(
    book: Path, fresh: SqlStore
) -> None:
    CustomerBook(book, fresh, HandClock()).refresh()
    statements = Statements(fresh)
    again = CustomerBook(book, fresh, HandClock())
    assert again.refresh() is True
    assert again.refresh() is False
    assert statements.written == []
    assert again.count == 2


def test_an_edit_by_hand_is_noticed_and_the_id_stays_through_a_new_name(
    book: Path, fresh: SqlStore
) -> None:
    served = CustomerBook(book, fresh, HandClock())
    served.refresh()
    book.write_text(book.read_text("utf-8").replace("Ada House", "The Grand Ada"), "utf-8")
    assert served.refresh() is True
    with fresh.read() as tx:
        found = tx.customers.get(CustomerId("ada-house"))
    assert found is not None
    assert found.name == "The Grand Ada"
    assert {t.value for t in served.vocabulary.terms} >= {"The Grand Ada", "Ben House"}
    with fresh.read() as tx:
        assert [m.id for m in tx.entries.known()] == ["ada-house", "ben-house"]


def test_a_book_that_can_no_longer_be_read_keeps_what_was_read_and_says_so(
    book: Path, fresh: SqlStore
) -> None:
    served = CustomerBook(book, fresh, HandClock())
    served.refresh()
    text = book.read_text("utf-8")
    book.write_text("# Another file\n", "utf-8")
    assert served.refresh() is False
    assert served.count == 2
    assert "no '## Venue Information'" in (served.trouble or "")
    book.write_text(text, "utf-8")
    assert served.refresh() is True
    assert served.trouble is None


def test_another_reader_reads_everything_again(book: Path, fresh: SqlStore) -> None:
    CustomerBook(book, fresh, HandClock()).refresh()
    with fresh.begin() as tx:
        digest, _ = tx.customers.source() or ("", "")
        tx.customers.came_from(digest, "an older reader")
        [mark, _] = tx.entries.known()
        record = books.load(book).records[0]
        stale = replace(record, customer=replace(record.customer, zone_count=99))
        tx.entries.put([Read(stale, 0, mark.text)])
    CustomerBook(book, fresh, HandClock()).refresh()
    with fresh.read() as tx:
        found = tx.customers.get(CustomerId("ada-house"))
    assert found is not None
    assert found.zone_count == 2


def test_a_large_book_leaves_statistics_for_the_counts(tmp_path: Path) -> None:
    path = tmp_path / "book.md"
    path.write_text(text_of([entry(f"Rooms {n}") for n in range(1_000)]), encoding="utf-8")
    made = SqlStore(sqlite_engine(tmp_path / "campaigns.db"))
    made.create()
    CustomerBook(path, made, HandClock()).refresh()
    with made.engine.connect() as connection:
        seen = connection.exec_driver_sql("SELECT DISTINCT tbl FROM sqlite_stat1").scalars().all()
    assert "customers" in seen
    made.engine.dispose()
