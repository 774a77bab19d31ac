"""`campaigns correct` and `campaigns ai`: what people say replies mean, and what is learnt."""

import json
from pathlib import Path

from click.testing import Result
from typer.testing import CliRunner

from campaigns import settings
from campaigns.bootstrap import opened
from campaigns.cli import app
from campaigns.model.access import SYSTEM
from campaigns.model.customer import Channel

BOOK = Path(__file__).parent.parent / "api" / "small_book.md"


def call(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--data", str(folder)])


def test_a_correction_is_kept_and_a_refit_of_one_says_that_it_is_too_few(tmp_path: Path) -> None:
    chosen = settings.read(
        campaigns_book=BOOK, campaigns_data=tmp_path, campaigns_today="2025-09-15"
    )
    with opened(chosen) as services:
        kept = services.answers.respond(
            "gm@somewhere.example", "Ring me tomorrow?", Channel.EMAIL, SYSTEM
        )
    told = call(
        tmp_path, "correct", kept.id, "callback", "--book", str(BOOK), "--today", "2025-09-15"
    )
    assert told.exit_code == 0, told.output
    assert "Noted" in told.output
    found = call(tmp_path, "ai", "refit", "--json")
    assert found.exit_code == 0, found.output
    refit = json.loads(found.output)
    assert (refit["corrections"], refit["number"]) == (1, None)
    assert "Nothing changes" in refit["verdict"]
    own = refit["own_cases"]["before"]
    assert (own["cases"] > 3000, own["missed_opt_outs"]) == (True, 0)
    assert "missed" in call(tmp_path, "ai", "refit", "--dry-run").output
    assert "as shipped" in call(tmp_path, "ai", "lines").output
    back = call(tmp_path, "ai", "revert")
    assert (back.exit_code, "nothing was ever refitted" in back.output) == (1, True)
