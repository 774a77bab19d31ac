"""What the model is told: text files, and words of others made safe to show it."""

import json
import unicodedata
from functools import cache
from importlib import resources

LONGEST_QUOTE = 6_000  # characters


@cache
def prompt(name: str) -> str:
    """Return the instructions kept in `data/<name>.txt`."""
    file = resources.files("campaigns.ai.openai") / "data" / f"{name}.txt"
    return file.read_text(encoding="utf-8")


def quoted(words: str) -> str:
    """Return words from outside as one JSON string: data, whatever they say.

    Folded (NFKC), without control and invisible characters, capped.
    """
    folded = unicodedata.normalize("NFKC", words)
    visible = "".join(c for c in folded if c in "\n\t" or unicodedata.category(c)[0] != "C")
    return json.dumps(visible[:LONGEST_QUOTE], ensure_ascii=False)


def fenced(words: str, mark: str) -> str:
    """Return `quoted` words between two lines that carry `mark`, made anew for each question."""
    return f"<data {mark}>\n{quoted(words)}\n</data {mark}>"
