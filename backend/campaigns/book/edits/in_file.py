"""Change one value in a book file: its line and no other byte."""

from dataclasses import dataclass
from pathlib import Path

from campaigns.book.document import Document
from campaigns.book.edits.layout import Place
from campaigns.book.edits.splice import applied
from campaigns.book.edits.values import accepted, field_of, set_values
from campaigns.book.read import parse
from campaigns.book.rewrite import rewriting
from campaigns.book.source import decode, encode, read_bytes
from campaigns.model.errors import BookError
from campaigns.model.ids import CustomerId
from campaigns.model.record import Book, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedLine:
    """What a change made of the book.

    `line` is 1-based; `before` the line's text then (None: the line is new), `text` its text now;
    `digest` the file's digest since.
    """

    line: int
    before: str | None
    text: str
    digest: str


def set_field(
    path: Path,
    customer_id: CustomerId,
    field: str,
    value: str,
    expected_digest: str | None = None,
    book: Book | None = None,
) -> ChangedLine:
    """Set one value of a customer: change its line, or insert the key at its place.

    `field` is a key of the book ("Contract End") or its field name ("contract_end"). `book` is
    the book the caller knows, whose ids count; without it the file's own. The file must still
    have `expected_digest`, where the caller showed somebody what stood there before. Written
    atomically under a lock; the old file is kept beside it with ".bak" added. Raises BookError
    saying what is in the way and how to go on.
    """
    with rewriting(path, expected_digest) as rewrite:
        text = decode(rewrite.old, path)
        record = _record(book or parse(text, name=str(path)), customer_id, path)
        document = Document.of(text)
        place = Place(name=record.customer.name, first=record.first_line, last=record.last_line)
        hunks = set_values(document, place, {field: value})
        line = place.entry(document).value(field_of(field))
        digest = rewrite.write(encode(str(applied(document, hunks))))
    if not hunks and line is not None:
        text = document.lines[line.number - 1].rstrip("\r\n")
        return ChangedLine(line=line.number, before=text, text=text, digest=digest)
    [hunk] = hunks
    is_new = len(hunk.after) > len(hunk.before)
    return ChangedLine(
        line=hunk.line + len(hunk.after) - 1,
        before=None if is_new else hunk.before[0].rstrip("\r\n"),
        text=hunk.after[-1].rstrip("\r\n"),
        digest=digest,
    )


def accept_inference(
    path: Path,
    customer_id: CustomerId,
    field: str,
    expected_digest: str | None = None,
    book: Book | None = None,
) -> ChangedLine:
    """Write what was inferred (brand, city, country, region, timezone, language) into the book.

    Raises BookError when nothing is inferred, or the book itself already says it.
    """
    if book is None:
        book = parse(decode(read_bytes(path), path), name=str(path))
    known, value = accepted(_record(book, customer_id, path).customer, field)
    return set_field(path, customer_id, known, value, expected_digest, book)


def _record(book: Book, customer_id: CustomerId, path: Path) -> Record:
    for record in book.records:
        if record.customer.id == customer_id:
            return record
    raise BookError(f"{path}: no entry has the id {customer_id}. List the customers to find it.")
