"""Change one line of the book and no other byte."""

import re
from dataclasses import dataclass
from pathlib import Path

from campaigns.book.clean import cleaned
from campaigns.book.document import Document
from campaigns.book.entry import Entry, read_entry
from campaigns.book.infer import infer, language_name
from campaigns.book.keys import entry_key, ordered_keys
from campaigns.book.parts import even, heading_of
from campaigns.book.read import parse
from campaigns.book.rewrite import rewriting
from campaigns.book.source import decode, encode, read_bytes
from campaigns.book.values import read_values
from campaigns.book.words import is_blank
from campaigns.model.customer import Known, Source
from campaigns.model.errors import BookError
from campaigns.model.ids import CustomerId
from campaigns.model.record import Book, Record, Severity

INFERRED = ("brand", "city", "country", "region", "timezone", "language")

_LONGEST_VALUE = 2_000
_VALUE = re.compile(
    r"(?P<key>.*?\*\*[^*]+\*\*(?:[ \t]*:)?|[^:]*:)(?P<gap>[ \t]*)(?P<value>.*?)(?P<end>\s*)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
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
) -> Change:
    """Set one value of a customer: change its line, or insert the key at its place.

    `field` is a key of the book ("Contract End") or its field name ("contract_end"). `book` is
    the book the caller knows, whose ids count; without it the file's own. The file must still
    have `expected_digest`, where the caller showed somebody what stood there before. Written atomically under a lock; the old file is kept beside it with
    ".bak" added. Raises BookError saying what is in the way and how to go on.
    """
    known = _field(field)
    value = _single_line(value)
    with rewriting(path, expected_digest) as rewrite:
        text = decode(rewrite.old, path)
        record = _record(book or parse(text, name=str(path)), customer_id, path)
        document = Document.of(text)
        if cleaned(heading_of(document.lines[record.first_line - 1])[1]) != record.customer.name:
            raise BookError(f"{path} is not the book this customer was read from. Read it again.")
        entry = _entry(document, record)
        number, before, after = _changed(entry, document, known, value)
        changed = _with_line(document, number, after, insert=before is None)
        _check(_entry(changed, record, longer=before is None), known, value)
        digest = rewrite.write(encode(str(changed)))
    return Change(
        line=number,
        before=None if before is None else before.rstrip("\r\n"),
        text=after.strip("\r\n"),
        digest=digest,
    )


def accept_inference(
    path: Path,
    customer_id: CustomerId,
    field: str,
    expected_digest: str | None = None,
    book: Book | None = None,
) -> Change:
    """Write what was inferred (brand, city, country, region, timezone, language) into the book.

    Raises BookError when nothing is inferred, or the book itself already says it.
    """
    known = _field(field)
    if known not in INFERRED:
        raise BookError(f"{field} is never inferred. Choose one of: {', '.join(INFERRED)}.")
    if book is None:
        book = parse(decode(read_bytes(path), path), name=str(path))
    customer = _record(book, customer_id, path).customer
    found: Known[str] | None = getattr(customer, known)
    if found is None and known == "brand":
        found = customer.brand_group
    if found is None:
        raise BookError(f"No {field} is inferred for {customer.name}. Set it by hand.")
    if found.source is not Source.RULE:
        raise BookError(f"{path}, line {found.line}: the book already says {found.value}.")
    value = language_name(found.value) if known == "language" else found.value
    return set_field(path, customer_id, known, value, expected_digest, book)


def _field(field: str) -> str:
    names = dict(ordered_keys())
    known = field if field in names else entry_key(field)
    if known is None:
        raise BookError(
            f"'{field}' is no key of the book. Choose one of: {', '.join(names.values())}."
        )
    return known


def _single_line(value: str) -> str:
    value = value.strip()
    if any(not c.isprintable() for c in value):
        raise BookError("A value is one line without control characters. Type it again.")
    if len(value) > _LONGEST_VALUE:
        raise BookError(f"A value has at most {_LONGEST_VALUE} characters; this has {len(value)}.")
    return value


def _record(book: Book, customer_id: CustomerId, path: Path) -> Record:
    for record in book.records:
        if record.customer.id == customer_id:
            return record
    raise BookError(f"{path}: no entry has the id {customer_id}. List the customers to find it.")


def _entry(document: Document, record: Record, *, longer: bool = False) -> Entry:
    last = record.last_line + longer
    lines = document.lines[record.first_line - 1 : last]
    text = "".join(even(lines))
    return read_entry(record.customer.name, record.first_line, text)


def _changed(
    entry: Entry, document: Document, field: str, value: str
) -> tuple[int, str | None, str]:
    """Return (line number, the line before or None, the line after) with its ending."""
    line = entry.value(field)
    if line is None:
        return _inserted(entry, document, field, value)
    before = document.lines[line.number - 1]
    match = _VALUE.fullmatch(before)
    if match is None:
        raise BookError(f"Line {line.number} cannot be changed safely. Edit it by hand.")
    return line.number, before, f"{match['key']}{match['gap'] or ' '}{value}{match['end']}"


def _inserted(entry: Entry, document: Document, field: str, value: str) -> tuple[int, None, str]:
    """Place a new key after the nearest key that comes before it in the book's order."""
    order = [name for name, _ in ordered_keys()]
    earlier = [
        entry.values[name].number for name in order[: order.index(field)] if name in entry.values
    ]
    after = max(earlier, default=entry.number)
    ending = document.ending()
    line = f"- **{dict(ordered_keys())[field]}**: {value}"
    ends = document.lines[after - 1].endswith(("\n", "\r"))
    return after + 1, None, line + ending if ends else ending + line


def _with_line(document: Document, number: int, line: str, *, insert: bool) -> Document:
    lines = document.lines
    text = "".join((*lines[: number - 1], line, *lines[number - 1 + (not insert) :]))
    return Document.of(text)


def _check(entry: Entry, field: str, value: str) -> None:
    """Refuse a value the book could not be read back with."""
    line = entry.value(field)
    if line is None or line.value != value:
        raise BookError(
            f"'{value}' cannot stand in the book as it is. Write it without '*' or ':'."
        )
    entry.diagnostics.clear()
    values = read_values(entry, None)
    inferred = infer(entry, values.business_type)
    if is_blank(value):
        return
    bad = [d for d in entry.diagnostics if d.line == line.number and _refused(d.code, d.severity)]
    if bad:
        raise BookError(f"{bad[0].message} {bad[0].suggestion}".strip())
    if field == "country" and inferred.code is None:
        raise BookError(f"'{value}' is not a country the lists know. Write its English name.")


def _refused(code: str, severity: Severity) -> bool:
    unreadable = code.endswith(("-unreadable", "-unknown")) and code != "business-type-unknown"
    return severity is Severity.ERROR or unreadable
