"""What the customer book says otherwise since a draft was composed, as people read it."""

import re
from datetime import date

from campaigns.web.words import day

_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


def dated(words: str) -> str:
    """Return words with the days in them as people write them here; what is no day stays.

    >>> dated("contract end was 2025-10-31 and is 2025-13-40")
    'contract end was 31 Oct 2025 and is 2025-13-40'
    """
    return _DAY.sub(_shown, words)


def _shown(found: re.Match[str]) -> str:
    try:
        return day(date.fromisoformat(found[0]))
    except ValueError:
        return found[0]
