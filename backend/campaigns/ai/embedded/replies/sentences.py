"""The sentences the classifier learns from: one file per intent, one sentence a line."""

import hashlib
from collections.abc import Iterator
from importlib.resources import files

from campaigns.model.reply import Intent

_FOLDER = files("campaigns.ai.embedded.replies.data") / "sentences"
# Sentences below this line are said as strangers say them; the threshold is chosen on them.
_LESS_PLAIN = "# Less plainly said."


def sentences() -> Iterator[tuple[str, Intent]]:
    """Yield every sentence with its intent, in the files' order, line breaks unescaped."""
    for text, intent, _ in _lines():
        yield text, intent


def indirect() -> Iterator[bool]:
    """Yield for every sentence, in the same order, whether it is one of the less plain ones."""
    for _, _, less_plain in _lines():
        yield less_plain


def _lines() -> Iterator[tuple[str, Intent, bool]]:
    for intent in Intent:
        less_plain = False
        for line in _FOLDER.joinpath(f"{intent}.txt").read_text("utf-8").splitlines():
            less_plain = less_plain or line == _LESS_PLAIN
            if line and not line.startswith("# "):
                yield line.replace("\\n", "\n"), intent, less_plain


def digest() -> str:
    """Return the SHA-256 (hex) of all sentences; the shipped weights carry the same."""
    whole = hashlib.sha256()
    for text, intent in sentences():
        whole.update(f"{intent}\t{text}\0".encode())
    return whole.hexdigest()
