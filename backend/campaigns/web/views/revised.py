"""What changed since an approval, line by line."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from campaigns.model.approved import Rewritten

SHOWN = 20  # messages whose lines are shown


def lines(one: Rewritten) -> Sequence[tuple[str, str]]:
    """Return the lines that differ: ("del", what was approved) and ("ins", what is there now)."""
    return [(kind, line) for kind, line in _lines(one) if line.strip()]


def _lines(one: Rewritten) -> Iterator[tuple[str, str]]:
    before, now = one.before, one.now
    for old, new in ((before.address, now.address), (before.subject, now.subject)):
        if old != new:
            yield "del", old
            yield "ins", new
    old_lines, new_lines = before.text.splitlines(), now.text.splitlines()
    for kind, i, j, k, m in SequenceMatcher(None, old_lines, new_lines).get_opcodes():
        if kind != "equal":
            yield from (("del", line) for line in old_lines[i:j])
            yield from (("ins", line) for line in new_lines[k:m])
