"""What docs/ai.md tells a newcomer to do, done."""

import re
from pathlib import Path

from tests.api.test_language import speak
from tests.support.model_house import messages_of, model_house
from tests.support.model_server import model_server

from campaigns.bootstrap.voices import voices_in
from campaigns.model.plan import Tone
from campaigns.model.reply import Intent

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "ai.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "backend" / "campaigns"


def told(pattern: str) -> str:
    """Return what the guide says at a place; a guide that no longer says it fails."""
    found = re.search(pattern, GUIDE, re.DOTALL)
    assert found, pattern
    return found[1]


def test_a_voice_is_changed_by_the_file_the_guide_shows(tmp_path: Path) -> None:
    name = told(r"Put a file `(\S+)` into the data folder")
    (tmp_path / name).write_text(told(r"```toml\n(.*?)```"), encoding="utf-8")
    voices = voices_in(tmp_path)
    assert voices.tones["hilton"] is Tone.FORMAL
    assert voices.tones["beach club"] is Tone.CASUAL
    assert voices.tones[""] is Tone.WARM
    assert voices.words[Tone.CASUAL].startswith("Relaxed and lively")


def test_a_language_is_added_by_the_setting_and_the_line_the_guide_shows(tmp_path: Path) -> None:
    languages, line = told(r"`CAMPAIGNS_LANGUAGES=([^`]+)`"), told(r"\(`(- \*\*Language[^`]+)`\)")
    book = tmp_path / "own.md"
    book.write_text(
        "# Book\n\n## Venue Information\n\n### Riverside House\n- **Business Type**: Hotel\n"
        f"- **Zone Count**: 1\n- **Zone Names**: Lobby\n{line}\n\n#### Contacts\n"
        "- **General Manager**: Anna Example\n  - Email: anna@riverside.example\n",
        encoding="utf-8",
    )
    with model_server(speak) as model:
        chosen = {"campaigns_book": book, "campaigns_languages": languages}
        with model_house(tmp_path, model, **chosen) as (_, client):
            asked = {"human_request": "Survey to all customers by email and whatsapp"}
            made = client.post("/api/campaigns/create", json=asked).json()
            [message] = messages_of(client, made["campaign_id"])
    assert (message["language"], message["review"]) == ("de", "language")
    assert message["text"].startswith("Guten Tag Anna,")


def test_every_file_the_guide_sends_a_newcomer_to_is_there() -> None:
    section = GUIDE.split("## How to change it", 1)[1]
    named = re.findall(r"`((?:model|flow|ai)/[\w/]+(?:\.py)?)`", section)
    assert len(named) >= 6
    assert [path for path in named if not (PACKAGE / path).exists()] == []
    for intent in Intent:
        assert (PACKAGE / f"ai/embedded/replies/data/sentences/{intent.value}.txt").exists()
    for kind in ("renewal", "common", "occasions"):
        assert (PACKAGE / f"ai/embedded/texts/data/{kind}.en.toml").exists()
    assert "PROMPT_VERSION" in (PACKAGE / "ai/openai/compose.py").read_text(encoding="utf-8")
