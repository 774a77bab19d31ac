"""What a mail server's refusal means for us, by the table `smtp_replies.toml`."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from campaigns.model.delivery import Reason, ReasonClass, Refused

# RFC 3463: class.subject.detail at the beginning of the text.
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\d)")
_DETAIL_LENGTH = 300


def refusal(code: int, text: str) -> Refused:
    """Return what the reply `code` `text` means; the reason's code is the enhanced one, if any."""
    found = _ENHANCED.match(text.strip())
    enhanced = found.group() if found else ""
    meaning = _meaning(code, enhanced)
    detail = " ".join(text.removeprefix(enhanced).split())[:_DETAIL_LENGTH]
    return Refused(
        reason=Reason(kind=ReasonClass(meaning["kind"]), code=enhanced or str(code), detail=detail),
        retry_after_s=meaning.get("retry_s"),
        rests_channel=meaning.get("rests", False),
        halts_channel=meaning.get("halts", False),
        halts_campaign=meaning.get("halts_campaign", False),
    )


def _meaning(code: int, enhanced: str) -> Mapping[str, Any]:
    table = _table()
    # A plain code that is more telling than a vague enhanced one: 535 without 5.7.8.
    specific: Mapping[str, Any] | None = table["plain"].get(str(code))
    if not enhanced:
        return specific or table["plain"].get(str(code)[:1]) or table["plain"]["5"]
    parts = enhanced.split(".")
    for length in (3, 2):
        known: Mapping[str, Any] | None = table["enhanced"].get(".".join(parts[:length]))
        if known is not None:
            return known
    by_class: Mapping[str, Any] = table["enhanced"][parts[0]]
    return specific or by_class


@cache
def _table() -> Mapping[str, Any]:
    text = files("campaigns.channels.email").joinpath("smtp_replies.toml").read_text("utf-8")
    return tomllib.loads(text)
