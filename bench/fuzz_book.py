"""Look for a book that makes the reader or an edit fail: random damage to a real-shaped book.

    python bench/fuzz_book.py [--seconds 600] [--seed 1] [--book FILE]

Each round damages a few entries (bytes flipped, lines swapped, cut, doubled, odd characters put
in), reads the result as a file of bytes, writes it back, edits it and takes the edit back. What
is refused with a sentence (BookError) is fine; anything else is a finding: it is printed with
its seed and the command ends with 1.
"""

import argparse
import random
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from campaigns.book.document import Document
from campaigns.book.edits.layout import Place
from campaigns.book.edits.merge import merged
from campaigns.book.edits.people import Person, put_contact
from campaigns.book.edits.splice import applied, taken_back
from campaigns.book.edits.tidy import tidied
from campaigns.book.edits.values import set_values
from campaigns.book.read import parse
from campaigns.book.source import decode, encode
from campaigns.book.summary import everything_said
from campaigns.model.errors import BookError
from campaigns.model.record import Record

SAMPLE = Path(__file__).parents[1] / "backend" / "venue_data.md"
HEAD = "# Book\n\nLast Updated: 2025-09-15\n\n## Venue Information\n\n"
ODD = (
    b"\x00", b"\xff", b"\xe9", b"\r", b"\r\n", b"\xef\xbb\xbf", b"\xc2\xad", b"\xe2\x80\xa8",
    b"#", b"###", b"####", b"---", b"- **", b"**:", b"  - Email: ", b"|", b"&amp;", b"&#10;",
    "๕กำ".encode(), "é".encode(), b"x" * 5_000, b"\x0b", b"\x85", b"\n\n\n", b"T" * 70_000,
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--book", type=Path, default=SAMPLE)
    given = parser.parse_args()
    entries = entries_of(given.book)
    ends, seed = time.monotonic() + given.seconds, given.seed
    while time.monotonic() < ends:
        try:
            one_round(entries, seed)
        except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
            traceback.print_exc()
            print(f"found with --seed {seed}")
            return 1
        seed += 1
    print(f"{seed - given.seed} books, no finding")
    return 0


def entries_of(path: Path) -> list[bytes]:
    """Return the entries of a book as bytes."""
    text = path.read_text("utf-8")
    return [f"### {part}".encode() for part in text.split("\n### ")[1:]]


def one_round(entries: list[bytes], seed: int) -> None:
    """Damage, read, edit and take back one book."""
    chance = random.Random(seed)  # noqa: S311 - damage to a test book, no secret
    raw = HEAD.encode() + b"\n".join(chance.sample(entries, chance.randint(1, 5)))
    for _ in range(chance.randint(0, 12)):
        raw = chance.choice(DAMAGE)(raw, chance)
    try:
        text = decode(raw, Path("fuzz.md"))
        assert encode(text) == raw
        book = parse(text)
    except BookError:
        return
    document = Document.of(text)
    assert str(document) == text
    for record in chance.sample(book.records, min(2, len(book.records))):
        edits(document, record, book.records, chance)
    check(document, lambda d: tidied(d, everything_said(book)))


def edits(
    document: Document, record: Record, records: tuple[Record, ...], chance: random.Random
) -> None:
    place, other = place_of(record), place_of(chance.choice(records))
    person = Person(role="Owner", name="Ann", lines={"email": "ann@lotus.example"})
    check(document, lambda d: set_values(d, place, {"city": "Leeds", "is_customer": "no"}))
    check(document, lambda d: put_contact(d, place, person))
    check(document, lambda d: merged(d, place, other).hunks)


def place_of(record: Record) -> Place:
    return Place(name=record.customer.name, first=record.first_line, last=record.last_line)


def check(document: Document, edit: Callable[[Document], tuple]) -> None:
    """Make an edit and take it back to the byte."""
    try:
        hunks = edit(document)
    except BookError:
        return
    after = applied(document, hunks)
    again = Document.of(str(after))
    assert str(applied(again, taken_back(again, hunks, is_after=True))) == str(document)


def _flip(raw: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(raw) or 1)
    return raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]


def _put(raw: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(raw) + 1)
    return raw[:at] + chance.choice(ODD) + raw[at:]


def _cut(raw: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(raw) + 1)
    return raw[:at] + raw[at + chance.randrange(200) :]


def _double(raw: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(raw) + 1)
    return raw[: at + chance.randrange(400)] + raw[at:]


def _endings(raw: bytes, chance: random.Random) -> bytes:
    return raw.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n")))


def _swap(raw: bytes, chance: random.Random) -> bytes:
    lines = raw.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


DAMAGE = (_flip, _put, _put, _cut, _double, _endings, _swap)

if __name__ == "__main__":
    sys.exit(main())
