"""The sentences the classifier learns from: one file per intent, one sentence a line."""

import hashlib
from collections.abc import Iterator
from importlib.resources import files

from campaigns.model.reply import Intent

_FOLDER = files("campaigns.ai.embedded.replies.data") / "sentences"


def sentences() -> Iterator[tuple[str, Intent]]:
    """Yield every sentence with its intent, in the files' order, line breaks unescaped."""
    for intent in Intent:
        for line in _FOLDER.joinpath(f"{intent}.txt").read_text("utf-8").splitlines():
            if line and not line.startswith("# "):
                yield line.replace("\\n", "\n"), intent


def digest() -> str:
    """Return the SHA-256 (hex) of all sentences; the shipped weights carry the same."""
    whole = hashlib.sha256()
    for text, intent in sentences():
        whole.update(f"{intent}\t{text}\0".encode())
    return whole.hexdigest()
