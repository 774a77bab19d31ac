"""A whole new book in the place of the old one, as the lines that differ."""

import hashlib
from collections.abc import Iterator
from difflib import SequenceMatcher

from campaigns.book.document import Document
from campaigns.model.change import Hunk

Block = tuple[int, int]  # from the first line's index up to, not including, the second


def differing(old: Document, new: Document) -> tuple[Hunk, ...]:
    """Return the hunks that make `new` of `old`, to the byte; entries that are equal stay.

    They are compared entry by entry, so that taking one back later does not depend on the others.
    """
    was, now = list(_blocks(old)), list(_blocks(new))
    matcher = SequenceMatcher(None, _marks(old, was), _marks(new, now), autojunk=False)
    return tuple(
        _hunk(old, new, _span(was, i1, i2), _span(now, j1, j2))
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    )


def _blocks(document: Document) -> Iterator[Block]:
    """Yield the stretches of lines from one heading of level 2 or 3 to the next."""
    start = 0
    for at, line in enumerate(document.lines):
        if line.startswith(("## ", "### ")) and at > start:
            yield start, at
            start = at
    if start < len(document.lines):
        yield start, len(document.lines)


def _marks(document: Document, blocks: list[Block]) -> list[bytes]:
    return [
        hashlib.blake2b(
            "".join(document.lines[a:b]).encode("utf-8", "surrogateescape"), digest_size=16
        ).digest()
        for a, b in blocks
    ]


def _span(blocks: list[Block], first: int, end: int) -> Block:
    """Return the lines of blocks `first` up to `end`; where there are none, the place for them."""
    if first < end:
        return blocks[first][0], blocks[end - 1][1]
    place = blocks[first][0] if first < len(blocks) else (blocks[-1][1] if blocks else 0)
    return place, place


def _hunk(old: Document, new: Document, was: Block, now: Block) -> Hunk:
    """Return one hunk; lines of a whole entry may hold notes, so they are private."""
    above = old.lines[was[0] - 1] if was[0] else ""
    below = old.lines[was[1]] if was[1] < len(old.lines) else ""
    return Hunk(
        line=was[0] + 1,
        before=old.lines[was[0] : was[1]],
        after=new.lines[now[0] : now[1]],
        above=above,
        below=below,
        private=True,
    )
