"""Another time for a scheduled campaign, every channel at once, and a contact's LINE link."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from campaigns import bootstrap, settings
from campaigns.cli import app
from campaigns.cli.campaigns import me
from campaigns.model.ids import CampaignId

BOOK = Path(__file__).parent.parent / "api" / "small_book.md"
ON_FRIDAY, ON_MONDAY = "2025-09-19T10:00:00+07:00", "2025-09-22T10:00:00+07:00"


def call(folder: Path, *words: str, book: Path = BOOK) -> Result:
    options = ["--book", str(book), "--data", str(folder), "--today", "2025-09-15"]
    return CliRunner().invoke(app, [*words, *options])


def scheduled(folder: Path) -> str:
    made = call(folder, "create", "Send renewal reminders to all Hiltons in Thailand", "--json")
    campaign = CampaignId(json.loads(made.output)["campaign_id"])
    chosen = settings.read(
        campaigns_book=BOOK,
        campaigns_data=folder,
        campaigns_today="2025-09-15",
        campaigns_simulate="all",
    )
    with bootstrap.opened(chosen) as services:
        shown = services.approvals.submit(campaign, me()).content_hash
        services.approvals.approve(campaign, shown, me())
        services.sends.send(campaign, me(), (), datetime.fromisoformat(ON_FRIDAY))
    return campaign


def test_a_scheduled_campaign_gets_another_time_or_none(tmp_path: Path) -> None:
    campaign = scheduled(tmp_path)
    moved = call(tmp_path, "reschedule", campaign, "--at", ON_MONDAY)
    assert moved.exit_code == 0, moved.output
    assert "2025-09-22T" in moved.output
    none = call(tmp_path, "reschedule", campaign)
    assert "approved" in none.output
    again = call(tmp_path, "reschedule", campaign, "--at", ON_MONDAY)
    assert (again.exit_code, "cannot be rescheduled" in " ".join(again.output.split())) == (1, True)


def test_a_time_without_an_offset_is_refused(tmp_path: Path) -> None:
    campaign = scheduled(tmp_path)
    refused = call(tmp_path, "reschedule", campaign, "--at", "2025-09-22T10:00")
    assert refused.exit_code == 2


def test_every_channel_is_stopped_and_opened_at_once(tmp_path: Path) -> None:
    def channel(*words: str) -> Result:
        return CliRunner().invoke(app, ["channel", *words, "--data", str(tmp_path)])

    call(tmp_path, "campaigns")
    stopped = channel("stop", "--why", "a wrong price went out")
    assert stopped.output == "Stopped: whatsapp, line, email.\n"
    opened = set(channel("reopen").output.splitlines())
    assert opened == {f"{c} may send again." for c in ("whatsapp", "line", "email")}
    assert "No channel is stopped." in channel("reopen").output


@pytest.mark.parametrize("contact", ["rudolf falkner", "General Manager"])
def test_a_contact_gets_a_link_by_name_or_role(tmp_path: Path, contact: str) -> None:
    made = call(tmp_path, "link", "Hilton Pattaya", contact, "--json")
    assert made.exit_code == 0, made.output
    link = json.loads(made.output)
    assert (link["customer"], link["contact"]) == ("Hilton Pattaya", "Rudolf Falkner")
    assert "/line/" in link["url"]


def test_without_a_contact_the_ones_there_are_named(tmp_path: Path) -> None:
    asked = call(tmp_path, "link", "Hilton Pattaya")
    assert asked.exit_code == 1
    assert "Jittima Saelim" in asked.output
    nobody = call(tmp_path, "link", "Hilton Pattaya", "the janitor")
    assert "no contact" in nobody.output
