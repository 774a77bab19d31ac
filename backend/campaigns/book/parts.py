"""The book as parts: each `###` entry, and the lines around entries, from text in any pieces."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from campaigns.model.fold import fold

BOM = "\ufeff"
VENUES = "venue information"

_HEADING = re.compile(r"(#{1,6})(?:[ \t]+|$)(.*)")
# A heading of level 2 or 3 where a line begins; written this way round, the search for "##" runs
# at the speed of `str.find`.
_MARKS = re.compile("##(?<![^\n\ufeff]##)#?(?=[ \t\n]|$)")
# What stands for a byte that is not UTF-8, and what no text can hold.
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the book: one entry, or lines that belong to none.

    `heading` is the text of the entry's `###` line, None outside entries. `text` begins with
    line `first` (1-based); its lines end in LF, whatever the file has.
    """

    heading: str | None
    first: int
    text: str

    @property
    def last(self) -> int:
        """The number of the last line."""
        return self.first + self.text.count("\n") - self.text.endswith("\n")


def heading_of(line: str) -> tuple[int, str]:
    """Return the level (0: no heading) and the text of a heading line."""
    match = _HEADING.match(line.removeprefix(BOM).rstrip("\r\n"))
    return (len(match[1]), match[2].strip()) if match else (0, "")


def is_venues(line: str) -> bool:
    """Whether a line is the heading above the customers."""
    level, text = heading_of(line)
    return level == 2 and fold(text).startswith(VENUES)


@dataclass(slots=True)
class Texture:
    """How a text is written, whatever it says.

    `endings` counts the lines by their ending (the last may have none), `foreign` the lines with
    bytes that are not UTF-8; the first of them is line `first_foreign`.
    """

    endings: Counter[str] = field(default_factory=Counter)
    foreign: int = 0
    first_foreign: int = 0


def even(chunks: Iterable[str], texture: Texture | None = None) -> Iterator[str]:
    """Yield the text of `chunks` cut at line ends, every line ending in LF.

    Bytes that were not UTF-8 become the replacement character. What was otherwise goes into
    `texture`.
    """
    texture = texture or Texture()
    rest: list[str] = []
    for chunk in chunks:
        # A "\r" at the very end may be half of a "\r\n".
        cut = max(chunk.rfind("\n"), chunk.rfind("\r", 0, len(chunk) - 1)) + 1
        if cut:
            yield _evened("".join((*rest, chunk[:cut])), texture)
            rest.clear()
        rest.append(chunk[cut:])
    if last := "".join(rest):
        yield _evened(last, texture)


def _evened(block: str, texture: Texture) -> str:
    before = texture.endings.total()
    lines = block.count("\n")
    both = block.count("\r\n") if "\r" in block else 0
    texture.endings["\n"] += lines - both
    if "\r" in block:
        texture.endings["\r\n"] += both
        texture.endings["\r"] += block.count("\r") - both
        block = block.replace("\r\n", "\n").replace("\r", "\n")
    if not block.isascii() and _SURROGATE.search(block):
        foreign = [at for at, line in enumerate(block.split("\n"), 1) if _SURROGATE.search(line)]
        texture.first_foreign = texture.first_foreign or before + foreign[0]
        texture.foreign += len(foreign)
        block = _SURROGATE.sub("\ufffd", block)
    return block


def parts(blocks: Iterable[str]) -> Iterator[Part]:
    """Yield the whole text as parts in order; entries are the `###` under Venue Information.

    `blocks` are as `even` gives them.
    """
    first, heading, inside = 1, None, False
    pending: list[str] = []
    for block in blocks:
        start = 0
        for at, level, text in _headings(block):
            if level == 3 and not inside:
                continue
            whole = "".join((*pending, block[start:at]))
            pending.clear()
            if whole:
                yield Part(heading, first, whole)
                first += whole.count("\n")
            start, heading = at, text if level == 3 else None
            if level == 2:
                inside = fold(text).startswith(VENUES)
        pending.append(block[start:])
    if whole := "".join(pending):
        yield Part(heading, first, whole)


def _headings(block: str) -> Iterator[tuple[int, int, str]]:
    """Yield position, level and text of the headings of level 2 and 3."""
    for match in _MARKS.finditer(block):
        at = match.start()
        if at and block[at - 1] == BOM:
            at -= 1
            if at and block[at - 1] != "\n":
                continue
        end = block.find("\n", at)
        level, text = heading_of(block[at:] if end < 0 else block[at:end])
        if level in {2, 3}:
            yield at, level, text
