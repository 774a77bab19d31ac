"""Why each value of a customer is what it is, and how a person changes it."""

from collections.abc import Iterator
from dataclasses import dataclass

from campaigns.book.gazetteer import countries, country_codes
from campaigns.model.customer import Customer, Known, Role, Source
from campaigns.model.fold import fold
from campaigns.model.record import Record

# The list each inferred value is told with.
_LISTS = {
    "brand_group": "brands.csv",
    "brand": "brands.csv",
    "city": "places.csv",
    "country": "places.csv and countries.csv",
    "region": "countries.csv",
    "timezone": "places.csv and countries.csv",
    "language": "countries.csv",
}
_DOUBTS = {"brand-ambiguous": ("brand_group", "brand"), "place-ambiguous": ("city", "country")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One value: `value` is None where it is unknown, `why` says what made it so.

    `change` is how to set it right: a command, or the list a row goes into.
    """

    field: str
    value: str | None
    why: str
    confidence: float | None
    change: str


def explain(record: Record) -> Iterator[Explained]:
    """Explain an entry's inferred and folded values, its kind first."""
    c = record.customer
    yield Explained(
        field="kind",
        value=record.kind.value,
        why=record.why or "nothing says that the entry is anything but a customer",
        confidence=None,
        change=f"campaigns book mark {_quoted(c.name)} (--customer if it is one)",
    )
    doubts = {field: d.message for d in record.diagnostics for field in _DOUBTS.get(d.code, ())}
    for field, listed in _LISTS.items():
        yield _inferred(c, field, listed, doubts.get(field))
    yield _folded(c, "business_type", "Business Type", "business_types.csv")
    yield _folded(c, "platform", "Music Platform", "platforms.csv")
    yield _currency(c)
    for contact in c.contacts:
        known = "roles.csv" if contact.role is not Role.OTHER else "no row of roles.csv"
        yield Explained(
            field=f"role of {contact.name or contact.role_written}",
            value=contact.role.value,
            why=f"'{contact.role_written}' in line {contact.line}, its name and mailbox; {known}",
            confidence=None,
            change="a row in roles.csv, or the contact's line",
        )


def _inferred(c: Customer, field: str, listed: str, doubt: str | None) -> Explained:
    known: Known[str] | None = getattr(c, field)
    key = "Brand" if field == "brand_group" else field.capitalize()
    command = f'campaigns book set {_quoted(c.name)} {key} "…"'
    if known is None:
        why = doubt or f"no line says it, and no word of {listed} that is in the name tells it"
        return Explained(
            field=field, value=None, why=why, confidence=None,
            change=f"{command}, or a row in {listed}",
        )  # fmt: skip
    if known.source is Source.FILE:
        why, change = f"line {known.line} of the book says so", command
    else:
        why = f"{known.rule} ({listed})"
        accept = f"campaigns book annotate {_quoted(c.name)} {key}"
        change = f"right: {accept}; wrong: {command}, or a row in {listed}"
    return Explained(
        field=field, value=known.value, why=why, confidence=known.confidence, change=change
    )


def _folded(c: Customer, field: str, key: str, listed: str) -> Explained:
    value: str | None = getattr(c, field)
    line = dict(c.lines).get(field)
    if value is None:
        why = (
            f"line {line} says nothing that can be used" if line else "the book has no line for it"
        )
    else:
        why = f"line {line}, folded by {listed} where it knows the spelling"
    return Explained(
        field=field,
        value=value,
        why=why,
        confidence=None,
        change=f'campaigns book set {_quoted(c.name)} "{key}" "…", or a row in {listed}',
    )


def _currency(c: Customer) -> Explained:
    code = country_codes().get(fold(c.country.value)) if c.country else None
    usual = f"; usual in {countries()[code].name} is {countries()[code].currency}" if code else ""
    why = (
        f"line {c.line_of('currency')} or the price says so"
        if c.currency
        else f"no line says it{usual}, which is never assumed of a price"
    )
    return Explained(
        field="currency",
        value=c.currency,
        why=why,
        confidence=None,
        change=f'campaigns book set {_quoted(c.name)} Currency "…"',
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '\\"') + '"'
