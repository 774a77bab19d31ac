"""`campaigns book ...` puts a book right on a terminal: the project's own sample, two commands."""

import json
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from campaigns.book.lists import rows
from campaigns.bootstrap import sample_book
from campaigns.cli import app

ASKED = "renewal reminders to all Hiltons expiring in October"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return Path(shutil.copy(sample_book(), tmp_path / "book.md"))


def run(book: Path, *arguments: str) -> str:
    data = ["--data", str(book.parent / "data")] if arguments[0] == "book" else []
    done = CliRunner().invoke(app, [*arguments, "--book", str(book), *data])
    assert done.exit_code == 0, done.output
    return done.output


def documented(heading: str) -> list[list[str]]:
    """Return the commands of the first block below a heading of docs/book.md, as words."""
    text = (Path(__file__).parents[2] / "docs" / "book.md").read_text(encoding="utf-8")
    block = text.partition(f"{heading}\n")[2].partition("```sh\n")[2].partition("```")[0]
    return [shlex.split(line) for line in block.splitlines()]


def audience(book: Path) -> dict[str, int]:
    totals = json.loads(run(book, "ask", ASKED, "--today", "2025-09-15", "--json"))["audience"]
    reached = totals["customers"] - totals["reachable"]["none"]
    return {"customers": totals["customers"], "reached": reached}


def test_an_unreachable_hilton_is_in_an_audience_after_two_commands(book: Path) -> None:
    before = audience(book)
    commands = documented("### A customer nobody can write to")
    assert len(commands) == 2
    for program, *arguments in commands:
        assert program == "campaigns"
        run(book, *arguments)
    after = audience(book)
    assert (after["customers"], after["reached"]) == (
        before["customers"] + 1,
        before["reached"] + 1,
    )
    run(book, "book", "undo")
    run(book, "book", "undo")
    assert audience(book) == before
    assert book.read_bytes() == sample_book().read_bytes()


def test_a_change_is_shown_as_lines_out_and_in(book: Path) -> None:
    said = run(book, "book", "set", "Hilton Pattaya", "Zone Count", "5")
    assert "- - **Zone Count**: 4" in said
    assert "+ - **Zone Count**: 5" in said
    assert "book.set" in run(book, "book", "changes")
    [change] = json.loads(run(book, "book", "changes", "--json"))
    assert change["status"] == "done"


def test_an_inference_is_accepted_and_an_entry_marked(book: Path) -> None:
    assert "+ - **City**: Pattaya" in run(book, "book", "annotate", "Hilton Pattaya", "City")
    assert "**Is Customer**: no" in run(book, "book", "mark", "Hilton Pattaya")
    assert "**Is Customer**: yes" in run(book, "book", "mark", "Hilton Pattaya", "--customer")


def test_a_suspected_duplicate_is_merged_into_its_partner(book: Path) -> None:
    pair = ("Evergreen Suites Sriracha", "Evergreen Suits Sriracha")
    run(book, "book", "merge", *pair, "--dry-run")
    assert book.read_bytes() == sample_book().read_bytes()
    run(book, "book", "merge", *pair, "--yes")
    assert "### Evergreen Suits Sriracha" not in book.read_text("utf-8")


def test_fix_puts_right_what_is_safe_and_says_how_much(book: Path) -> None:
    arguments = ["book", "check", "--fix", "--brief", "--book", str(book)]
    arguments += ["--data", str(book.parent / "data")]
    done = CliRunner().invoke(app, arguments)
    assert "lines put right" in done.output
    assert "0 lines put right" in CliRunner().invoke(app, arguments).output
    run(book, "book", "undo")
    assert book.read_bytes() == sample_book().read_bytes()


def test_an_unknown_customer_is_refused_by_name(book: Path) -> None:
    data = ["--book", str(book), "--data", str(book.parent / "data")]
    done = CliRunner().invoke(app, ["book", "set", "Nobody's Hotel", "City", "Leeds", *data])
    assert done.exit_code == 1
    assert "Nobody's Hotel" in done.output


GIVEN = {
    "address": "ann@heron.example",
    "contract_end": "2026-10-31",
    "zone_names": "Lobby, Pool",
    "platform": "Beat Breeze",
    "price": "1,200",
    "business_type": "Spa",
    "country": "Japan",
}


@pytest.mark.parametrize("row", list(rows("missing.csv")), ids=lambda row: row["thing"])
def test_the_command_proposed_for_what_is_missing_fills_it(
    book: Path, row: Mapping[str, str]
) -> None:
    value = GIVEN.get(row["thing"], "3")
    proposed = row["command"].format(name="Hilton Osaka Garden")
    program, *arguments = shlex.split(proposed)
    assert program == "campaigns"
    arguments[-1] = arguments[-1].replace("YYYY-MM-DD", "...").replace("...", value)
    run(book, *arguments)
    assert value in book.read_text("utf-8")
    assert book.read_bytes() != sample_book().read_bytes()
