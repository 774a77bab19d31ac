"""Every change says in one sentence what it is to users."""

from pathlib import Path

FRAGMENTS = Path(__file__).parent.parent / "changelog.d"
KINDS = {"feature", "fix", "change"}


def test_fragments_are_named_after_their_kind_and_say_something() -> None:
    found = [p for p in FRAGMENTS.glob("*.md") if p.name != "README.md"]
    for path in found:
        assert path.suffixes[0].lstrip(".") in KINDS, path.name
        assert len(path.read_text(encoding="utf-8").strip()) > 20, path.name
