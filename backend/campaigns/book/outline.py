"""The first look over a book: its title and date, the names in it, and what stands outside them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from campaigns.book.classify import chains
from campaigns.book.clean import cleaned
from campaigns.book.dates import read_date
from campaigns.book.diagnose import diagnostic
from campaigns.book.entry import LONGEST_LINE
from campaigns.book.ids import ids_of
from campaigns.book.keys import entry_key
from campaigns.book.parts import BOM, Part, even, heading_of, is_venues, parts
from campaigns.model.fold import fold
from campaigns.model.ids import CustomerId
from campaigns.model.record import Diagnostic

_HEAD = 50  # lines in which the title and the book's own date are looked for


@dataclass(slots=True)
class Outline:
    """What must be known of the whole book before its first entry can be read.

    `names` are the headings of the entries as they are shown, `ids` their own ids, `firsts` the
    lines they stand in, all in file order. `is_book` is whether there is a Venue Information.
    """

    title: str = ""
    updated: date | None = None
    is_book: bool = False
    names: list[str] = field(default_factory=list)
    ids: list[CustomerId] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    chains: frozenset[tuple[str, ...]] = frozenset()
    diagnostics: list[Diagnostic] = field(default_factory=list)


def outline(chunks: Iterable[str]) -> Outline:
    """Look over a text that is no more than white space or a book; `chunks` are its pieces."""
    found = Outline()
    endings: Counter[str] = Counter()
    outside: list[Diagnostic] = []
    for part in parts(_with_head(even(chunks, endings), found)):
        if part.heading is None:
            found.is_book = found.is_book or _opens_venues(part)
            outside.extend(_headings_outside(part))
        else:
            found.names.append(cleaned(part.heading[:LONGEST_LINE]))
            found.firsts.append(part.first)
    found.ids = list(ids_of(found.names))
    found.chains = chains(found.names)
    if not found.names:
        found.diagnostics.insert(0, diagnostic("book-empty", 1))
    found.diagnostics += (*_mixed(endings), *outside)
    return found


def _with_head(blocks: Iterable[str], found: Outline) -> Iterator[str]:
    """Pass on the blocks; read title, date and byte order mark from the first."""
    for at, block in enumerate(blocks):
        if at == 0:
            lines = block.split("\n", _HEAD)[:_HEAD]
            found.title, found.updated = _title(lines), _updated(lines)
            if block.startswith(BOM):
                found.diagnostics.append(diagnostic("byte-order-mark", 1))
        yield block


def _title(lines: Sequence[str]) -> str:
    """Return the text of the first "#" heading, empty when there is none."""
    headings = (heading_of(line) for line in lines)
    return next((text for level, text in headings if level == 1), "")


def _updated(lines: Sequence[str]) -> date | None:
    """Return the day of the book's "Last Updated" line, None when it has none."""
    for line in lines:
        key, mark, value = line.removeprefix(BOM).strip("*_ ").partition(":")
        if mark and fold(key.strip("* ")) == "last updated":
            return read_date(value.strip("* ")).date
    return None


def _opens_venues(part: Part) -> bool:
    line, _, _ = part.text.partition("\n")
    return line.startswith(("##", BOM)) and is_venues(line)


def _mixed(endings: Counter[str]) -> Iterator[Diagnostic]:
    usual = max(("\n", "\r\n", "\r"), key=lambda ending: endings[ending])
    odd = sum(count for ending, count in endings.items() if ending != usual)
    if odd:
        yield diagnostic("line-endings-mixed", 1, count=odd)


def _headings_outside(part: Part) -> Iterator[Diagnostic]:
    if "###" not in part.text:
        return
    lines = part.text.split("\n")
    for at, line in enumerate(lines):
        if line.startswith("###") and not line.startswith("####"):
            looks = any(_is_entry_line(text) for text in lines[at + 1 : at + 4])
            code = "entry-outside" if looks else "heading-outside"
            yield diagnostic(code, part.first + at, line.strip())


def _is_entry_line(text: str) -> bool:
    key, mark, _ = text.strip().removeprefix("- **").partition("**:")
    return bool(mark) and entry_key(key) in {"business_type", "zone_count", "zone_names"}
