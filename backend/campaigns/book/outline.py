"""The first look over a book: its title and date, the names in it, and what stands outside them."""

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from campaigns.book.classify import chains
from campaigns.book.clean import cleaned
from campaigns.book.dates import read_date
from campaigns.book.diagnose import diagnostic
from campaigns.book.entry import LONGEST_LINE
from campaigns.book.ids import Ids
from campaigns.book.keys import entry_key
from campaigns.book.many import Hexes, Texts, repeated
from campaigns.book.parts import BOM, Part, Texture, even, heading_of, is_venues, parts
from campaigns.model.fold import fold, words
from campaigns.model.record import Diagnostic

_HEAD = 50  # lines in which the title and the book's own date are looked for
_PART = 10  # bytes of a hash of a name or of the lines below it
_EXACT = 8  # bytes of a hash of exactly an entry's text


def fingerprints(given: Iterable[str] = ()) -> Hexes:
    """Return a column of what `fingerprint_of` gives."""
    return Hexes(given, size=2 * _PART, group=_PART)


def text_hashes(given: Iterable[str] = ()) -> Hexes:
    """Return a column of hashes of exactly an entry's text, as `Mark.text` has them."""
    return Hexes(given, size=_EXACT, group=_EXACT)


@dataclass(slots=True)
class Outline:
    """What must be known of the whole book before its first entry can be read.

    Of each entry, in file order: `names` as they are shown, `ids` as the names give them, the
    line it begins in, and what `Mark` calls fingerprint and text. `copies` gives for an exact copy
    the first entry like it, by position. `is_book` is whether there is a Venue Information,
    `is_blank` whether there is nothing at all.
    """

    title: str = ""
    updated: date | None = None
    is_book: bool = False
    is_blank: bool = True
    names: Texts = field(default_factory=Texts)
    firsts: "array[int]" = field(default_factory=lambda: array("Q"))
    fingerprints: Hexes = field(default_factory=fingerprints)
    texts: Hexes = field(default_factory=text_hashes)
    copies: dict[int, int] = field(default_factory=dict)
    ids: Ids = field(init=False)
    chains: frozenset[tuple[str, ...]] = frozenset()
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ids = Ids(self.names)

    def take(self, part: Part) -> None:
        """Add an entry."""
        name = cleaned((part.heading or "")[:LONGEST_LINE])
        self.names.append(name)
        self.firsts.append(part.first)
        self.fingerprints.append(fingerprint_of(name, part.text))
        self.texts.append(_digest(part.text, _EXACT))

    def is_chain(self, at: int) -> bool:
        """Whether the name of the entry at a position begins several others."""
        return bool(self.chains) and words(self.names[at]) in self.chains

    def finish(self) -> None:
        """Draw the conclusions from all entries together."""
        self.chains = chains(self.names)
        doubled = repeated(map(hash, self.fingerprints))
        first: dict[str, int] = {}
        for at, fingerprint in enumerate(self.fingerprints):
            if hash(fingerprint) in doubled and (other := first.setdefault(fingerprint, at)) != at:
                self.copies[at] = other
        if not self.names:
            self.diagnostics.insert(0, diagnostic("book-empty", 1))


def fingerprint_of(name: str, text: str) -> str:
    """Return a hash of an entry's name and one of the lines below it, layout left aside.

    The two parts let a renamed entry be recognised by what it holds.
    """
    body = text.partition("\n")[2].replace("---", "")
    return f"{_digest(name, _PART)}-{_digest(' '.join(body.split()), _PART)}"


def _digest(text: str, size: int) -> str:
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()


def outline(chunks: Iterable[str]) -> Outline:
    """Look over a book; `chunks` are the pieces of its text."""
    found = Outline()
    texture = Texture()
    outside: list[Diagnostic] = []
    for part in parts(_with_head(even(chunks, texture), found)):
        if part.heading is None:
            found.is_book = found.is_book or _opens_venues(part)
            found.is_blank = found.is_blank and not part.text.strip(BOM + " \t\n")
            outside.extend(_headings_outside(part))
        else:
            found.take(part)
    found.is_blank = found.is_blank and not found.names
    found.finish()
    found.diagnostics += (*_about(texture), *outside)
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


def _about(texture: Texture) -> Iterator[Diagnostic]:
    odd = texture.endings.total() - max(texture.endings.values(), default=0)
    if odd:
        yield diagnostic("line-endings-mixed", 1, count=odd)
    if texture.foreign:
        yield diagnostic("foreign-encoding", texture.first_foreign, count=texture.foreign)


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
