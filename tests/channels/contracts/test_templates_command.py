"""`campaigns templates`: what waits for Meta's approval, from the terminal."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.providers import Switchboard, meta
from tests.support.sending import HandClock
from typer.testing import CliRunner

from campaigns import settings
from campaigns.bootstrap import opened, sample_book
from campaigns.channels.simulator.http import WhatsAppSimulator
from campaigns.cli import app
from campaigns.model.access import SYSTEM

REQUEST = "Send a renewal reminder to Hilton Pattaya by WhatsApp"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def peer(board: Switchboard, clock: HandClock) -> WhatsAppSimulator:
    simulator = meta(clock)
    simulator.templates.clear()
    board.app = simulator.app
    return simulator


@pytest.fixture
def run(
    board: Switchboard,
    peer: WhatsAppSimulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Run the command on a house in which one message wants a template."""
    for name, value in {
        "CAMPAIGNS_WHATSAPP_URL": board.url,
        "WHATSAPP_ACCESS_TOKEN": peer.own.token,
        "WHATSAPP_PHONE_NUMBER_ID": peer.own.phone_number_id,
        "WHATSAPP_BUSINESS_ACCOUNT_ID": peer.own.business_account_id,
    }.items():
        monkeypatch.setenv(name, value)
    chosen = settings.read(
        campaigns_book=sample_book(), campaigns_data=tmp_path, campaigns_today="2025-09-15"
    )
    with opened(chosen) as house:
        house.drafts.create(REQUEST, SYSTEM)

    def command(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["templates", *arguments, "--data", str(tmp_path)])
        return done.exit_code, " ".join(done.output.split())

    return command


def test_a_wanted_template_is_listed_submitted_and_approved(run: Run) -> None:
    code, said = run("list")
    assert code == 0
    assert "missing" in said
    code, said = run("submit")
    assert code == 0
    assert "approved" in said
    assert run("submit")[1].startswith("Nothing to submit")
    [shown] = json.loads(run("list", "--json")[1])["templates"]
    assert (shown["status"], shown["waiting_messages"], shown["trouble"]) == ("approved", 1, None)


def test_what_meta_refuses_is_said_and_is_no_success(run: Run, peer: WhatsAppSimulator) -> None:
    peer.own.token = "another"
    code, said = run("submit")
    assert code == 1
    assert "access token" in said
    code, said = run("sync")
    assert code == 1
    assert "access token" in said


def test_another_category_is_accepted_by_name(run: Run, peer: WhatsAppSimulator) -> None:
    run("submit")
    [(name, language)] = peer.templates
    code, said = run("release", name, language)
    assert code == 1
    assert "neither stopped nor recategorised" in said
    peer.recategorises(name, language, "UTILITY")
    assert run("sync") == (0, "1 changed.")
    [shown] = json.loads(run("list", "--json")[1])["templates"]
    assert "a person accepts that" in shown["trouble"]
    code, said = run("release", name, language)
    assert (code, said) == (0, f"{name} ({language}): may be sent again.")
