"""What is to say about the book outside its entries, and its own title and date."""

from collections.abc import Iterator
from datetime import date

from campaigns.book.dates import read_date
from campaigns.book.diagnose import diagnostic
from campaigns.book.document import BOM, VENUES, Document, Span, heading_of
from campaigns.book.keys import entry_key
from campaigns.model.fold import fold
from campaigns.model.record import Diagnostic


def title_of(document: Document) -> str:
    """Return the text of the first "#" heading, empty when there is none."""
    for line in document.lines[:50]:
        level, text = heading_of(line)
        if level == 1:
            return text
    return ""


def updated_on(document: Document) -> date | None:
    """Return the day of the book's "Last Updated" line, None when it has none."""
    for line in document.lines[:50]:
        key, mark, value = line.removeprefix(BOM).strip("*_ \r\n").partition(":")
        if mark and fold(key.strip("* ")) == "last updated":
            return read_date(value.strip("* ")).date
    return None


def about_file(document: Document, parts: list[Span], *, empty: bool) -> Iterator[Diagnostic]:
    """Yield the diagnostics that belong to no entry, by line."""
    if empty:
        yield diagnostic("book-empty", 1)
    if document.lines[0].startswith(BOM):
        yield diagnostic("byte-order-mark", 1)
    yield from _endings(document)
    for part in parts:
        if part.heading is None:
            yield from _headings_outside(document, part)


def _endings(document: Document) -> Iterator[Diagnostic]:
    usual, counts = document.ending(), document.endings()
    odd = sum(count for ending, count in counts.items() if ending and ending != usual)
    if odd:
        yield diagnostic("line-endings-mixed", 1, count=odd)


def _headings_outside(document: Document, part: Span) -> Iterator[Diagnostic]:
    lines = document.lines[part.first - 1 : part.last]
    for number, line in enumerate(lines, start=part.first):
        if not line.startswith("###") or line.startswith("####"):
            continue
        following = lines[number - part.first + 1 : number - part.first + 4]
        looks = any(_is_entry_line(text) for text in following)
        yield diagnostic("entry-outside" if looks else "heading-outside", number, line.strip())


def _is_entry_line(text: str) -> bool:
    key, mark, _ = text.strip().removeprefix("- **").partition("**:")
    return bool(mark) and entry_key(key) in {"business_type", "zone_count", "zone_names"}


def is_venues(line: str) -> bool:
    """Whether a line is the heading above the customers."""
    level, text = heading_of(line)
    return level == 2 and fold(text).startswith(VENUES)
