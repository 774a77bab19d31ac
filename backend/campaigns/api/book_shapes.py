"""What the book's routes answer: diagnostics, and the summary a person acts on."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from pydantic import BaseModel

from campaigns.api.shapes import DiagnosticOut
from campaigns.book.summary import Summary
from campaigns.model.change import Change, Hunk
from campaigns.model.record import Diagnostic, RecordKind, Severity


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

    digest: str
    summary: SummaryOut
    diagnostics: list[DiagnosticOut]
    counts: dict[str, int]
    records: dict[str, int]


def summary(s: Summary) -> SummaryOut:
    """Return a summary."""
    return SummaryOut.model_validate(asdict(s))


def diagnostics(found: Summary, said: Sequence[Diagnostic], digest: str) -> DiagnosticsOut:
    """Return remarks and the summary of all of them."""
    return DiagnosticsOut(
        digest=digest,
        summary=summary(found),
        diagnostics=[DiagnosticOut.model_validate(asdict(d)) for d in said],
        counts={r.code: r.count for r in found.remarks},
        records={kind.value: n for kind, n in found.kinds.items()},
    )


# --- changes -----------------------------------------------------------------------------------


class HunkOut(BaseModel):
    """Lines taken out and put in at a line of the book; null for callers without `notes`."""

    line: int
    before: list[str] | None
    after: list[str] | None


class ChangeOut(BaseModel):
    """A change of the book file; `digest` is the file's since, for the next `expected`."""

    change_id: str
    at: datetime
    actor: str
    action: str
    subject: str
    status: str
    undoes: str | None
    digest: str
    hunks: list[HunkOut]


class ChangesOut(BaseModel):
    changes: list[ChangeOut]
    next_cursor: str | None


class ConflictOut(BaseModel):
    """A value two entries give differently: `kept` stays, `noted` goes into Special Notes."""

    field: str
    kept: str
    noted: str


class MergeOut(BaseModel):
    """`change` is null for a dry run."""

    change: ChangeOut | None
    hunks: list[HunkOut]
    conflicts: list[ConflictOut]


class TidyOut(BaseModel):
    """How many lines were put right."""

    lines: int
    change: ChangeOut | None


def change(c: Change, *, private: bool = False) -> ChangeOut:
    """Return a change; `private` shows also what is for the `notes` scope."""
    return ChangeOut(
        change_id=c.id,
        at=c.at,
        actor=c.actor,
        action=c.action,
        subject=c.subject,
        status=c.status.value,
        undoes=c.undoes,
        digest=c.after,
        hunks=hunks(c.hunks, private=private),
    )


def hunks(found: Sequence[Hunk], *, private: bool) -> list[HunkOut]:
    """Return lines out and in; private ones only where they may be shown."""
    return [
        HunkOut(
            line=h.line,
            before=_lines(h.before) if private or not h.private else None,
            after=_lines(h.after) if private or not h.private else None,
        )
        for h in found
    ]


def _lines(lines: Sequence[str]) -> list[str]:
    return [line.rstrip("\r\n") for line in lines]
