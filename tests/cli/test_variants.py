"""`campaigns variants`: set by tone or from a file, shown, taken back."""

import json
from pathlib import Path

from click.testing import Result
from typer.testing import CliRunner

from campaigns.cli import app

BOOK = Path(__file__).parent.parent / "api" / "small_book.md"


def call(folder: Path, *words: str) -> Result:
    options = ["--book", str(BOOK), "--data", str(folder), "--today", "2025-09-15"]
    return CliRunner().invoke(app, [*words, *options])


def create(folder: Path) -> str:
    made = call(folder, "create", "Send renewal reminders to all Hiltons in Thailand", "--json")
    assert made.exit_code == 0, made.output
    return str(json.loads(made.output)["campaign_id"])


def test_variants_by_tone_and_from_a_file(tmp_path: Path) -> None:
    campaign = create(tmp_path)
    tones = ("--tone", "warm", "--tone", "formal", "--share", "1", "--share", "3")
    by_tone = call(tmp_path, "variants", "set", campaign, *tones, "--json")
    assert by_tone.exit_code == 0, by_tone.output
    assert [a["share"] for a in json.loads(by_tone.output)["variants"]] == [1, 3]
    file = tmp_path / "variants.json"
    file.write_text('{"variants": [{"tone": "casual"}, {"tone": "formal"}]}')
    assert call(tmp_path, "variants", "set", campaign, "--file", str(file)).exit_code == 0
    shown = call(tmp_path, "variants", "show", campaign)
    assert "casual" in shown.output
    assert "nothing to compare" in shown.output
    assert call(tmp_path, "variants", "remove", campaign).exit_code == 0
    assert "one text for all" in call(tmp_path, "variants", "show", campaign).output


def test_what_is_wrong_is_named(tmp_path: Path) -> None:
    campaign = create(tmp_path)
    assert call(tmp_path, "variants", "set", campaign).exit_code == 2
    one = call(tmp_path, "variants", "set", campaign, "--tone", "warm")
    assert (one.exit_code, "/variants" in one.output) == (1, True)
    file = tmp_path / "variants.json"
    file.write_text('{"variants": [{"tone": "loud"}, {}]}')
    loud = call(tmp_path, "variants", "set", campaign, "--file", str(file))
    assert (loud.exit_code, "/variants/0/tone" in loud.output) == (1, True)
    file.write_text("{")
    broken = call(tmp_path, "variants", "set", campaign, "--file", str(file))
    assert (broken.exit_code, "no JSON" in " ".join(broken.output.split())) == (1, True)
