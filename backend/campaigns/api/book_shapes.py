"""What the book's routes answer: diagnostics, and the summary a person acts on."""

from collections import Counter
from dataclasses import asdict
from datetime import date

from pydantic import BaseModel

from campaigns.api.shapes import DiagnosticOut
from campaigns.book.summary import Summary, everything_said
from campaigns.model.record import Book, RecordKind, Severity


class MissingOut(BaseModel):
    """Something that customers' entries lack, and the command that fills it for the first."""

    thing: str
    words: str
    meaning: str
    customers: int
    examples: list[str]
    command: str


class EndingOut(BaseModel):
    """A customer whose contract ends soon and whom nobody can write to."""

    customer_id: str
    name: str
    line: int
    contract_end: date
    days: int
    zones: int | None
    people: int


class RemarksOut(BaseModel):
    """How often one code was said, and where first."""

    code: str
    severity: Severity
    count: int
    first_line: int


class SuspicionOut(BaseModel):
    """Two customers that may be one."""

    first: str
    second: str
    why: str


class SummaryOut(BaseModel):
    """Who ends soon and cannot be reached, what is missing, what is wrong."""

    entries: int
    kinds: dict[RecordKind, int]
    customers: int
    reachable: int
    days: int
    ending_soon: int
    ending: list[EndingOut]
    missing: list[MissingOut]
    remarks: list[RemarksOut]
    suspicions: list[SuspicionOut]


class DiagnosticsOut(BaseModel):
    """What is wrong with the book; `counts` are of all remarks, shown here or not."""

    summary: SummaryOut
    diagnostics: list[DiagnosticOut]
    counts: dict[str, int]
    records: dict[str, int]


def summary(s: Summary) -> SummaryOut:
    """Return a summary."""
    return SummaryOut.model_validate(asdict(s))


def diagnostics(book: Book, found: Summary, limit: int) -> DiagnosticsOut:
    """Return a book's diagnostics in the file's order, at most `limit`, and its summary."""
    said = everything_said(book)
    return DiagnosticsOut(
        summary=summary(found),
        diagnostics=[
            DiagnosticOut(
                code=d.code,
                severity=d.severity.value,
                line=d.line,
                excerpt=d.excerpt,
                message=d.message,
                suggestion=d.suggestion,
            )
            for d in sorted(said, key=lambda d: d.line)[:limit]
        ],
        counts=dict(Counter(d.code for d in said)),
        records=dict(Counter(r.kind.value for r in book.records)),
    )
