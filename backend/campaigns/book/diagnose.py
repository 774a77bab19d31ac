"""Make diagnostics: the texts are data, the code only names the code and fills the blanks."""

import re
import tomllib
from functools import cache
from types import MappingProxyType

from campaigns.book.lists import read_list
from campaigns.model.record import Diagnostic, Severity

_LONGEST_EXCERPT = 120


@cache
def codes() -> MappingProxyType[str, tuple[Severity, str, str]]:
    """Return every code with its severity, message and suggestion, in the order of the file."""
    table = tomllib.loads(read_list("diagnostics.toml"))
    return MappingProxyType(
        {
            code: (Severity(row["severity"]), row["message"], row.get("suggestion", ""))
            for code, row in table.items()
        }
    )


def meaning(code: str) -> str:
    """Return what a code says, whatever the line; what a line would fill in is "…"."""
    return re.sub(r"\{\w+\}", "…", codes()[code][1])


def diagnostic(code: str, line: int, excerpt: str = "", **words: object) -> Diagnostic:
    """Return the diagnostic `code` for a line (1-based); `words` fill the blanks of its texts."""
    severity, message, suggestion = codes()[code]
    return Diagnostic(
        code=code,
        severity=severity,
        line=line,
        excerpt=clipped(excerpt),
        message=message.format(**words) if words else message,
        suggestion=suggestion.format(**words) if words else suggestion,
    )


def clipped(text: str) -> str:
    """Return `text` without control characters, at most 120 characters long."""
    if len(text) <= _LONGEST_EXCERPT and text.isprintable():
        return text
    text = "".join(c if c.isprintable() else " " for c in text[: _LONGEST_EXCERPT + 1])
    if len(text) > _LONGEST_EXCERPT:
        return text[: _LONGEST_EXCERPT - 1] + "…"
    return text
