"""Lines taken out of the book and lines put in, and the way back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from campaigns.book.document import Document
from campaigns.model.change import Hunk
from campaigns.model.errors import BookChanged, EditRefused


@dataclass(frozen=True, slots=True)
class Splice:
    """`out` lines taken out from line `at` (1-based) on, and `put` lines put in there.

    Lines are given without their endings. `private` is whether they are for the `notes` scope.
    """

    at: int
    out: int
    put: tuple[str, ...]
    private: bool = False


def hunks_of(document: Document, splices: Iterable[Splice]) -> tuple[Hunk, ...]:
    """Return what `splices`, which do not overlap, take out of a document and put in.

    Lines that replace others end as those did; new ones end as most lines of the document do.
    Raises EditRefused where a carriage return and a line feed of two lines would become one end.
    """
    ordered = sorted(splices, key=lambda s: (s.at, s.out > 0))
    hunks: list[Hunk] = []
    for splice in ordered:
        hunk = _hunk(document, splice)
        if hunks and hunks[-1].line + len(hunks[-1].before) >= hunk.line:
            hunk = _joined(hunks.pop(), hunk)
        hunks.append(hunk)
    finished = (_around(document, _closed(document, hunk)) for hunk in hunks)
    return tuple(h for h in finished if h.before != h.after)


def _hunk(document: Document, splice: Splice) -> Hunk:
    before = document.lines[splice.at - 1 : splice.at - 1 + splice.out]
    usual = document.ending()
    after = [
        line + (_ending(before[at]) if at < len(before) else usual)
        for at, line in enumerate(splice.put)
    ]
    return Hunk(line=splice.at, before=before, after=tuple(after), private=splice.private)


def _ending(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _joined(one: Hunk, other: Hunk) -> Hunk:
    return replace(
        one,
        before=one.before + other.before,
        after=one.after + other.after,
        private=one.private or other.private,
    )


def _closed(document: Document, hunk: Hunk) -> Hunk:
    """Give every new line an ending, but for the last of a file that has none."""
    lines = document.lines
    if hunk.line > len(lines) and lines and not _ending(lines[-1]):
        hunk = replace(
            hunk,
            line=len(lines),
            before=(lines[-1], *hunk.before),
            after=(lines[-1], *hunk.after),
        )
    usual = document.ending()
    after = [line if _ending(line) else line + usual for line in hunk.after]
    is_last = hunk.line - 1 + len(hunk.before) == len(lines)
    if after and is_last and lines and not _ending(lines[-1]):
        after[-1] = after[-1].rstrip("\r\n")
    return replace(hunk, after=tuple(after))


def _around(document: Document, hunk: Hunk) -> Hunk:
    lines, end = document.lines, hunk.line - 1 + len(hunk.before)
    above = lines[hunk.line - 2] if hunk.line > 1 else ""
    below = lines[end] if end < len(lines) else ""
    for one, following in pairwise((above, *hunk.after, below)):
        if one.endswith("\r") and following.startswith("\n"):
            raise EditRefused(
                f"Near line {hunk.line} the file ends its lines in two ways, and this change would "
                "make one line of two. Save it with one kind of line ending, then repeat the change."
            )
    return replace(hunk, above=above, below=below)


def applied(document: Document, hunks: Sequence[Hunk]) -> Document:
    """Return the document with the hunks made; they are in the order of the file."""
    lines: list[str] = []
    done = 0
    for hunk in hunks:
        lines += document.lines[done : hunk.line - 1]
        lines += hunk.after
        done = hunk.line - 1 + len(hunk.before)
    lines += document.lines[done:]
    return Document(tuple(lines))


def taken_back(document: Document, hunks: Sequence[Hunk], *, is_after: bool) -> tuple[Hunk, ...]:
    """Return the hunks that take `hunks` back in a document.

    `is_after` is whether the document is exactly what the change left. Otherwise its lines are
    looked for, with the lines around them. Raises BookChanged when they are not found, or in
    more than one place.
    """
    back = []
    shift = 0
    for hunk in hunks:
        expected = hunk.line + shift
        line = expected if is_after else _found(document, hunk, expected)
        back.append(replace(hunk, line=line, before=hunk.after, after=hunk.before))
        shift += len(hunk.after) - len(hunk.before)
    return tuple(back)


def _found(document: Document, hunk: Hunk, expected: int) -> int:
    places = list(_places(document, hunk))
    if len(places) == 1:
        return places[0]
    if not places:
        raise BookChanged(
            f"The lines of this change, near line {expected}, were changed since. "
            "Take it back by hand."
        )
    raise BookChanged(
        f"The book was changed since, and the lines of this change now fit {len(places)} places. "
        "Take it back by hand."
    )


def _places(document: Document, hunk: Hunk) -> Iterator[int]:
    """Yield the lines at which the hunk's new lines stand between the lines around them."""
    block = (*filter(None, (hunk.above,)), *hunk.after, *filter(None, (hunk.below,)))
    lines, size = document.lines, len(block)
    if not block:
        return
    for at in range(len(lines) - size + 1):
        if lines[at] == block[0] and lines[at : at + size] == block:
            yield at + 1 + bool(hunk.above)
