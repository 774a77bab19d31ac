"""`campaigns ask` looks, and knows whom the data folder says not to write to."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from campaigns import bootstrap, settings
from campaigns.cli import app
from campaigns.cli.campaigns import me
from campaigns.model.customer import Channel

BOOK = Path(__file__).parent.parent / "api" / "small_book.md"
REQUEST = "Send renewal reminders to all Hiltons in Thailand"


def reachable(*options: str) -> dict[str, int]:
    words = ["ask", REQUEST, "--today", "2025-09-15", "--json", "--book", str(BOOK), *options]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    found: dict[str, int] = json.loads(done.output)["audience"]["reachable"]
    return found


def test_an_opt_out_of_the_data_folder_is_known(tmp_path: Path) -> None:
    before = reachable("--data", str(tmp_path), "--simulate")
    chosen = settings.read(campaigns_book=BOOK, campaigns_data=tmp_path, campaigns_simulate="all")
    with bootstrap.opened(chosen) as services:
        for address in re.findall(r"Email: (\S+@\S+)", BOOK.read_text("utf-8")):
            services.answers.suppress(Channel.EMAIL, address, "asked by phone", me())
    assert before["email"] > 0
    assert reachable("--data", str(tmp_path), "--simulate")["email"] == 0


def test_without_a_data_folder_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert reachable()["email"] > 0
    assert reachable("--data", str(tmp_path / "none"))["email"] > 0
    assert list(tmp_path.iterdir()) == []
