"""`campaigns automations`: set up, looked at, run, switched, removed."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from campaigns.cli import app

BOOK = Path(__file__).parent.parent / "api" / "small_book.md"
ASKED = "Prepare renewal reminders for all Hiltons expiring within 60 days"


def test_the_life_of_an_automation_at_the_terminal(tmp_path: Path) -> None:
    def run(*words: str) -> str:
        options = ["--book", str(BOOK), "--data", str(tmp_path), "--today", "2025-09-15"]
        done = CliRunner().invoke(app, ["automations", *words, *options])
        assert done.exit_code == 0, done.output
        return done.output

    def read(*words: str) -> Any:
        return json.loads(run(*words, "--json"))

    made = read("add", ASKED, "--every", "week", "--weekday", "friday", "--name", "Weekly")
    automation = made["automation_id"]
    assert made["rhythm"]["words"] == "every week on Friday at 09:00"
    assert read("run", automation)["outcome"] == "in_review"
    assert "proposed before" in run("run", automation)
    [listed] = read("list")
    assert listed["latest_run"]["outcome"] == "nobody_new"
    assert automation in run("list")
    assert [r["outcome"] for r in read("show", automation)["runs"]] == ["nobody_new", "in_review"]
    assert "next off" in run("pause", automation)
    assert "next 2025-09-19 09:00" in run("resume", automation)
    said = read("add", f"Every month on the last day at 5 pm, {ASKED}", "--name", "Month's end")
    assert said["rhythm"]["words"] == "every month on day 31 (or its last) at 17:00"
    assert said["human_request"] == ASKED
    assert "removed" in run("remove", said["automation_id"])
    assert "removed" in run("remove", automation)
    assert read("list") == []


def test_a_rhythm_that_lacks_its_day_is_refused_by_name(tmp_path: Path) -> None:
    words = ["automations", "add", ASKED, "--every", "month"]
    done = CliRunner().invoke(app, [*words, "--book", str(BOOK), "--data", str(tmp_path)])
    assert done.exit_code == 1
    assert "/rhythm/day" in done.output
