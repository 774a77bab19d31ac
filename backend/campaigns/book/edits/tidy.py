"""Put right what can be put right without changing what is read."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from campaigns.book.document import Document
from campaigns.book.edits.layout import is_empty
from campaigns.book.edits.splice import Splice, applied, hunks_of
from campaigns.book.read import parse
from campaigns.model.change import Hunk
from campaigns.model.errors import EditRefused
from campaigns.model.fold import unescape
from campaigns.model.record import Book, Diagnostic

SAFE = ("trailing-space", "separator-doubled", "entity")


def tidied(document: Document, said: Iterable[Diagnostic]) -> tuple[Hunk, ...]:
    """Return the hunks that put right what was said with one of the SAFE codes.

    Raises EditRefused when anything would be read otherwise afterwards.
    """
    wrong: dict[int, set[str]] = {}
    for d in said:
        if d.code in SAFE:
            wrong.setdefault(d.line, set()).add(d.code)
    hunks = hunks_of(document, _splices(document, wrong))
    before, after = parse(str(document)), parse(str(applied(document, hunks)))
    if _meaning(before) != _meaning(after):
        raise EditRefused("Tidying would change what is read. Put it right by hand.")
    return hunks


def _splices(document: Document, wrong: dict[int, set[str]]) -> Iterator[Splice]:
    for number, codes in wrong.items():
        line = document.lines[number - 1]
        # What has an entity was excerpted and is public; of other lines that is not known.
        private = "entity" not in codes
        if "separator-doubled" in codes and is_empty(line):
            yield Splice(number, 1, (), private)
            continue
        text = line.rstrip("\r\n")
        if "entity" in codes and (plain := unescape(text)).isprintable():
            text = plain
        if "trailing-space" in codes:
            text = text.rstrip()
        yield Splice(number, 1, (text,), private)


_PLACES = frozenset({"line", "lines", "written"})


def _meaning(book: Book) -> list[object]:
    """Return what is read of every entry, wherever and however it stands."""
    return [(r.kind, _placeless(asdict(r.customer)), asdict(r.private)) for r in book.records]


def _placeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _placeless(v) for k, v in value.items() if k not in _PLACES}
    return [_placeless(v) for v in value] if isinstance(value, tuple) else value
