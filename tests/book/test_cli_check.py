"""`campaigns book check` speaks like a linter and ends with what to do first."""

import json
from pathlib import Path

import pytest
from tests.book.books import HEAD, contact, entry
from typer.testing import CliRunner

from campaigns.cli import app

CLEAN = entry(
    "Heron House", business_type="Hotel", zone_count="1", zone_names="Lobby",
    contract_end="2025-10-01", contacts=contact(email="ann@lotus.example"),
)  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.md"
    late = entry("Lotus Inn", zone_count="4", contract_end="2025-10-02")
    path.write_text(f"{HEAD}### {CLEAN}\n---\n\n### {late}", encoding="utf-8")
    return path


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["book", "check", *map(str, arguments)])
    return done.exit_code, done.output


def test_each_remark_has_file_line_severity_and_code(book: Path) -> None:
    code, said = run("--book", book, "--today", "2025-09-15")
    assert code == 0
    assert "book.md:19: info customer-unreachable No contact can be reached" in said


def test_the_summary_names_who_ends_soon_and_cannot_be_reached(book: Path) -> None:
    _, said = run("--book", book, "--today", "2025-09-15", "--brief")
    assert "1 of the 2 contracts that end within 90 days cannot be reached" in said
    assert "Lotus Inn" in said
    assert "customer-unreachable" not in said


def test_errors_make_it_exit_with_one_and_wrong_usage_with_two(book: Path) -> None:
    book.write_text(book.read_text("utf-8").replace("2025-10-02", "soon"), encoding="utf-8")
    assert run("--book", book)[0] == 1
    assert run("--book", book, "--severity", "dreadful")[0] == 2
    assert run("--book", book, "--today", "tomorrow")[0] == 2


def test_an_unreadable_book_is_refused_by_name(tmp_path: Path) -> None:
    code, said = run("--book", tmp_path / "nowhere.md")
    assert code == 1
    assert "nowhere.md" in said.replace("\n", "")


def test_json_holds_the_summary_and_the_remarks_asked_for(book: Path) -> None:
    _, said = run("--book", book, "--today", "2025-09-15", "--json", "--code", "zone-names-missing")
    found = json.loads(said)
    assert [d["code"] for d in found["diagnostics"]] == []
    assert [e["name"] for e in found["summary"]["ending"]] == ["Lotus Inn"]
    assert found["summary"]["missing"][0]["thing"] == "address"


def test_only_what_is_bad_enough_is_shown(book: Path) -> None:
    book.write_text(book.read_text("utf-8").replace("2025-10-02", "soon"), encoding="utf-8")
    _, said = run("--book", book, "--severity", "error")
    assert "date-unreadable" in said
    assert "customer-unreachable" not in said
