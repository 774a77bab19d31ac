"""Small books for tests: the text around what a test is about."""

from campaigns.book import parse
from campaigns.model.customer import Customer
from campaigns.model.record import Book, Record

HEAD = "# Book\n\nLast Updated: 2025-09-15\n\n## Venue Information\n\n"


def book_of(*entries: str) -> Book:
    """Read a book of entries, each given from its name on (without the "### ")."""
    return parse(HEAD + "\n---\n\n".join(f"### {entry.lstrip()}\n" for entry in entries))


def record_of(name: str, **values: str) -> Record:
    """Read one entry with the keys given as business_type="Hotel" and so on."""
    return book_of(entry(name, **values)).records[0]


def customer_of(name: str, **values: str) -> Customer:
    """Read one entry and return what was typed of it."""
    return record_of(name, **values).customer


def entry(name: str, contacts: str = "", notes: str = "", **values: str) -> str:
    """Write an entry; `contacts` and `notes` are the lines of their sections."""
    lines = [name, *(f"- **{key.replace('_', ' ').title()}**: {v}" for key, v in values.items())]
    if contacts:
        lines += ["", "#### Contacts", contacts]
    if notes:
        lines += ["", "#### Special Notes", notes]
    return "\n".join(lines) + "\n"


def contact(role: str = "General Manager", name: str = "Ann Field", **lines: str) -> str:
    """Write one contact with its lines given as email="a@b.example" and so on."""
    below = (f"  - {key.replace('_', ' ').title()}: {value}" for key, value in lines.items())
    return "\n".join([f"- **{role}**: {name}", *below])


def codes(book: Book) -> set[str]:
    """Return the codes of every diagnostic of a book."""
    found = [*book.diagnostics, *(d for record in book.records for d in record.diagnostics)]
    return {diagnostic.code for diagnostic in found}
