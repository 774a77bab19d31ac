"""A time of day where each customer is, at the terminal: submitted, approved, sent, moved so."""

import json
import re
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from campaigns.bootstrap import sample_book
from campaigns.cli import app

THERE = re.compile(r"First (\S+ \S+) (\S+/\S+), last (\S+ \S+) (\S+/\S+)\.")


def call(folder: Path, *words: str) -> Result:
    """Call a command on the sample book, whose customers are in several time zones."""
    options = ["--book", str(sample_book()), "--data", str(folder), "--today", "2025-09-15"]
    return CliRunner().invoke(app, [*words, *options])


def timed(folder: Path, *words: str) -> Result:
    return call(folder, *words, "--simulate")


def said(result: Result) -> str:
    return " ".join(result.output.replace("│", " ").split())


def spanned(result: Result) -> tuple[str, str, bool]:
    """When the first and the last leave, where they are, and whether in different time zones."""
    found = THERE.search(said(result))
    assert found, result.output
    first, here, last, there = found.groups()
    return first, last, here != there


def created(folder: Path) -> str:
    request = "Announce our new playlists to all customers by email"
    made = call(folder, "create", request, "--simulate", "--json")
    return str(json.loads(made.output)["campaign_id"])


@pytest.fixture
def draft(tmp_path: Path) -> str:
    return created(tmp_path)


def preview(folder: Path, campaign: str) -> dict[str, object]:
    return dict(json.loads(call(folder, "preview", campaign, "--json").output))


def approve(folder: Path, campaign: str) -> None:
    call(folder, "submit", campaign)
    done = call(folder, "approve", campaign, str(preview(folder, campaign)["content_hash"]))
    assert "is approved" in said(done)


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with one approved campaign, for what changes nothing."""
    folder = tmp_path_factory.mktemp("refusing")
    campaign = created(folder)
    approve(folder, campaign)
    return folder, campaign


def status_of(folder: Path, campaign: str) -> str:
    [found] = json.loads(call(folder, "campaigns", "--json").output)
    assert found["campaign_id"] == campaign
    return str(found["status"])


def test_it_is_sent_by_each_customers_clock_and_says_when(tmp_path: Path, draft: str) -> None:
    approve(tmp_path, draft)
    done = timed(tmp_path, "send", draft, "--at", "2025-09-20T10:00", "--local")
    assert done.exit_code == 0, done.output
    assert "messages scheduled." in said(done)
    assert spanned(done) == ("2025-09-20 10:00", "2025-09-20 10:00", True)
    assert "while `campaigns serve` or `campaigns worker` runs" in said(done)
    assert status_of(tmp_path, draft) == "scheduled"
    moved = timed(tmp_path, "reschedule", draft, "--at", "14:30", "--local")
    assert "is scheduled for 2025-09-15T" in said(moved)
    first, last, apart = spanned(moved)
    assert (first[-5:], last[-5:], apart) == ("14:30", "14:30", True)
    call(tmp_path, "pause", draft)
    resumed = timed(tmp_path, "resume", draft)
    assert spanned(resumed)[0].endswith("14:30")
    assert "while `campaigns serve` or `campaigns worker` runs" in said(resumed)
    none = call(tmp_path, "reschedule", draft)
    assert "is approved." in said(none)
    assert "First" not in said(none)


def test_what_is_submitted_to_go_by_itself_is_approved_with_its_start(
    tmp_path: Path, draft: str
) -> None:
    waiting = timed(tmp_path, "submit", draft, "--at", "11:00", "--local", "--note", "please")
    assert "is in_review" in said(waiting)
    assert "Approved with --starts 11:00 it goes at 11:00 in each customer's" in said(waiting)
    assert spanned(waiting)[0].endswith("11:00")
    assert "Approved with --starts 11:00" in said(call(tmp_path, "preview", draft))
    shown = preview(tmp_path, draft)
    assert shown["local_time"] == {"at": "11:00", "on": None}
    other = call(tmp_path, "approve", draft, str(shown["content_hash"]), "--starts", "10:00")
    assert (other.exit_code, "no longer goes by itself at 10:00" in said(other)) == (1, True)
    done = timed(tmp_path, "approve", draft, str(shown["content_hash"]), "--starts", "11:00")
    assert f"{draft} is scheduled." in said(done)
    assert spanned(done)[1].endswith("11:00")
    assert status_of(tmp_path, draft) == "scheduled"


def test_what_was_submitted_to_go_by_itself_is_held(tmp_path: Path, draft: str) -> None:
    refused = call(tmp_path, "hold", draft)
    assert (refused.exit_code, "cannot be held back" in said(refused)) == (1, True)
    call(tmp_path, "submit", draft, "--at", "11:00", "--local")
    assert "Once approved it waits for campaigns send." in said(call(tmp_path, "hold", draft))
    assert preview(tmp_path, draft)["local_time"] is None
    gone = call(tmp_path, "hold", "c_none")
    assert (gone.exit_code, "List them: campaigns campaigns" in said(gone)) == (1, True)


@pytest.mark.parametrize(
    ("words", "code", "way_out"),
    [
        (["--at", "22:00", "--local"], 1, "choose a time in it, or change CAMPAIGNS_SEND_WINDOW"),
        (["--at", "2025-09-14T10:00", "--local"], 1, "choose 2025-09-15 or later"),
        (["--local"], 2, "such as --at 10:00"),
        (["--at", "10:00+07:00", "--local"], 2, "use 10:00 or 2025-09-15T10:00"),
        (["--at", "noon", "--local"], 2, "use 10:00 or 2025-09-15T10:00"),
        (["--at", "10:00"], 2, "or 10:00 with --local"),
        (["--at", "2025-09-20T10:00"], 2, "or --local for each customer's own clock"),
    ],
)
def test_an_impossible_time_is_refused_with_the_way_out(
    refusing: tuple[Path, str], words: list[str], code: int, way_out: str
) -> None:
    folder, approved = refusing
    refused = timed(folder, "send", approved, *words)
    assert (refused.exit_code, way_out in said(refused)) == (code, True), refused.output
    assert status_of(folder, approved) == "approved"


def test_after_its_approval_a_campaign_goes_by_the_customers_clocks_alone(
    tmp_path: Path, draft: str
) -> None:
    refused = call(tmp_path, "submit", draft, "--at", "2025-09-20T10:00+07:00")
    assert (refused.exit_code, "--at 10:00 --local" in said(refused)) == (2, True)
    assert status_of(tmp_path, draft) == "draft"
