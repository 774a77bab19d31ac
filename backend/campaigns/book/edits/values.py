"""Set values of an entry: each changes its own line, or gets a line at its place."""

import re
from collections.abc import Mapping
from dataclasses import replace

from campaigns.book.classify import Around, classify
from campaigns.book.document import Document
from campaigns.book.edits.layout import Place
from campaigns.book.edits.splice import Splice, applied, hunks_of
from campaigns.book.entry import PRIVATE, Entry
from campaigns.book.infer import infer, language_name
from campaigns.book.keys import entry_key, ordered_keys
from campaigns.book.values import read_values
from campaigns.book.words import is_blank
from campaigns.model.change import Hunk
from campaigns.model.customer import Customer, Known, Source
from campaigns.model.errors import EditRefused
from campaigns.model.record import Diagnostic, Severity

INFERRED = ("brand", "city", "country", "region", "timezone", "language")

_LONGEST_VALUE = 2_000
_VALUE = re.compile(
    r"(?P<key>.*?\*\*[^*]+\*\*(?:[ \t]*:)?|[^:]*:)(?P<gap>[ \t]*)(?P<value>.*?)(?P<end>\s*)"
)


def set_values(document: Document, place: Place, wanted: Mapping[str, str]) -> tuple[Hunk, ...]:
    """Set values; keys are those of the book ("Contract End") or field names ("contract_end").

    Raises EditRefused when a value would not be read back as it is meant.
    """
    given = {field_of(key): single_line(value) for key, value in wanted.items()}
    entry = place.entry(document)
    order = [name for name, _ in ordered_keys()]
    fields = sorted(given, key=order.index)
    splices = [set_value(document, entry, field, given[field]) for field in fields]
    hunks = hunks_of(document, splices)
    after = replace(place, last=place.last + growth(hunks))
    _check(after.entry(applied(document, hunks)), given)
    return hunks


def growth(hunks: tuple[Hunk, ...]) -> int:
    """Return how many lines a document grows by."""
    return sum(len(h.after) - len(h.before) for h in hunks)


def accepted(customer: Customer, field: str) -> tuple[str, str]:
    """Return the field and the value that accepting an inference writes.

    Raises EditRefused when nothing is inferred, or the book itself already says it.
    """
    known = field_of(field)
    if known not in INFERRED:
        raise EditRefused(f"{field} is never inferred. Choose one of: {', '.join(INFERRED)}.")
    found: Known[str] | None = getattr(customer, known)
    if found is None and known == "brand":
        found = customer.brand_group
    if found is None:
        raise EditRefused(f"No {field} is inferred for {customer.name}. Set it by hand.")
    if found.source is not Source.RULE:
        raise EditRefused(f"Line {found.line}: the book already says {found.value}.")
    return known, language_name(found.value) if known == "language" else found.value


def field_of(key: str) -> str:
    """Return the field that a key or a field's name means."""
    names = dict(ordered_keys())
    known = key if key in names else entry_key(key)
    if known is None:
        raise EditRefused(
            f"'{key}' is no key of the book. Choose one of: {', '.join(names.values())}."
        )
    return known


def single_line(value: str) -> str:
    """Return a value as it may stand in a line."""
    value = value.strip()
    if any(not c.isprintable() for c in value):
        raise EditRefused("A value is one line without control characters. Type it again.")
    if len(value) > _LONGEST_VALUE:
        raise EditRefused(
            f"A value has at most {_LONGEST_VALUE} characters; this has {len(value)}."
        )
    return value


def rewritten(line: str, value: str) -> str | None:
    """Return a line with another value, otherwise written as it is; None when that is not safe."""
    match = _VALUE.fullmatch(line.rstrip("\r\n"))
    return f"{match['key']}{match['gap'] or ' '}{value}{match['end']}" if match else None


def set_value(document: Document, entry: Entry, field: str, value: str) -> Splice:
    """Return the splice that sets one value of an entry."""
    private = field in PRIVATE
    line = entry.value(field)
    if line is None:
        text = f"- **{dict(ordered_keys())[field]}**: {value}"
        return Splice(_place_of(entry, field), 0, (text,), private)
    after = rewritten(document.lines[line.number - 1], value)
    if after is None:
        raise EditRefused(f"Line {line.number} cannot be changed safely. Edit it by hand.")
    return Splice(line.number, 1, (after,), private)


def _place_of(entry: Entry, field: str) -> int:
    """Return the line of a new key: after the nearest key that comes before it in the order."""
    order = [name for name, _ in ordered_keys()]
    earlier = (
        entry.values[name].number for name in order[: order.index(field)] if name in entry.values
    )
    return max(earlier, default=entry.number) + 1


def _check(entry: Entry, given: Mapping[str, str]) -> None:
    """Refuse values the book could not be read back with."""
    for field, value in given.items():
        line = entry.value(field)
        if line is None or line.value != value:
            raise EditRefused(
                f"'{value}' cannot stand in the book as it is. Write it without '*' or ':'."
            )
    entry.diagnostics.clear()
    classify(entry, Around())
    values = read_values(entry, None)
    inferred = infer(entry, values.business_type)
    for field, value in given.items():
        if not is_blank(value):
            refuse([d for d in entry.diagnostics if d.line == entry.values[field].number])
    country = given.get("country", "")
    if not is_blank(country) and inferred.code is None:
        raise EditRefused(f"'{country}' is not a country the lists know. Write its English name.")


def refuse(said: list[Diagnostic], also: frozenset[str] = frozenset()) -> None:
    """Raise EditRefused when one of the diagnostics of new lines forbids them, or is one of `also`."""
    bad = [d for d in said if d.code in also or _is_refused(d.code, d.severity)]
    if bad:
        raise EditRefused(f"{bad[0].message} {bad[0].suggestion}".strip())


def _is_refused(code: str, severity: Severity) -> bool:
    unreadable = code.endswith(("-unreadable", "-unknown"))
    return severity is Severity.ERROR or (
        unreadable and code not in {"business-type-unknown", "role-unknown", "name-unreadable"}
    )
