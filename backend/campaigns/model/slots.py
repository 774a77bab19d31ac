"""Slots: the names in braces that facts are put in place of."""

import re
from collections.abc import Iterable

SLOT = re.compile(r"\{([a-z_]+)\}")


def slots_in(sentences: Iterable[str]) -> frozenset[str]:
    """Return the names of all slots in `sentences`."""
    return frozenset(name for sentence in sentences for name in SLOT.findall(sentence))
