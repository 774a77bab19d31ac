"""Accounts from the terminal, for whoever owns the data folder."""

import json
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.web.houses import PASSWORD, chosen
from typer.testing import CliRunner, Result

from campaigns.app import create_app, greet
from campaigns.bootstrap import opened
from campaigns.cli import app


def people(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["people", *words, "--data", str(folder / "data")])


def state(folder: Path) -> list[tuple[str, str, str]]:
    found = json.loads(people(folder, "list", "--json").stdout)
    return [(p["name"], p["role"], p["state"]) for p in found]


def test_an_account_made_in_the_terminal_opens_the_console_by_its_link(tmp_path: Path) -> None:
    made = people(tmp_path, "add", "Nok P.", "nok@agency.example", "admin")
    link = re.search(r"http://\S+(/welcome/\S+)", made.stdout)
    assert made.exit_code == 0
    assert link
    assert state(tmp_path) == [("Nok P.", "admin", "invited")]
    with opened(chosen(tmp_path)) as services, TestClient(create_app(services)) as client:
        assert services.people.setup_token() is None
        answer = client.post(link[1], data={"password": PASSWORD})
        assert answer.url.path == "/campaigns"
    assert state(tmp_path) == [("Nok P.", "admin", "active")]


def test_roles_links_and_locks_are_given_by_address(tmp_path: Path) -> None:
    people(tmp_path, "add", "Nok P.", "nok@agency.example", "admin")
    people(tmp_path, "add", "Ploy K.", "ploy@agency.example")
    assert "is now Approver" in people(tmp_path, "role", "ploy@agency.example", "approver").stdout
    assert "/welcome/" in people(tmp_path, "link", "ploy@agency.example").stdout
    assert "locked out" in people(tmp_path, "disable", "ploy@agency.example").stdout
    assert state(tmp_path)[1] == ("Ploy K.", "approver", "disabled")
    assert "may sign in again" in people(tmp_path, "enable", "ploy@agency.example").stdout
    assert "Ploy K." in people(tmp_path, "list").stdout


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (
            ("role", "nobody@agency.example", "admin"),
            "Nobody has an account for nobody@agency.example. List them: campaigns people list",
        ),
        (("add", "Nok Two", "nok@agency.example"), "has this address already"),
        (("disable", "nok@agency.example"), "only admin"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(
    tmp_path: Path, words: tuple[str, ...], why: str
) -> None:
    people(tmp_path, "add", "Nok P.", "nok@agency.example", "admin")
    refused = people(tmp_path, *words)
    assert refused.exit_code == 1
    assert why in " ".join(refused.output.split())


def test_the_first_start_prints_the_link_that_makes_the_first_account(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(chosen(tmp_path)) as services:
        greet(services, "http://here")
        link = re.search(r"Make the first account: http://here(/setup\S+)", capsys.readouterr().out)
        assert link
        with TestClient(create_app(services)) as client:
            assert client.get(link[1]).status_code == 200
