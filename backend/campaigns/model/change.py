"""Changes of the customer book: lines out, lines in, by whom, and whether it really happened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from campaigns.model.ids import CustomerId


class ChangeStatus(StrEnum):
    """Where a change stands.

    A change is begun before the file is written and done after it. One that a crash cut short
    is found at the next start: done when the file shows it, dropped when it does not, and
    unclear when the file was changed by somebody else since.
    """

    BEGUN = "begun"
    DONE = "done"
    UNDONE = "undone"
    DROPPED = "dropped"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """Lines taken out of the book at one place, and lines put in there.

    `line` (1-based) is where it happened in the file as it was before the change. Lines hold
    their endings. `above` and `below` are the untouched lines around, empty at an end of the
    file. `private` is whether any of it is for the `notes` scope only.
    """

    line: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    above: str = ""
    below: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of the book file; `before` and `after` are the file's digests (SHA-256).

    `action` is a stable verb ("book.set"), `subject` what it was done to ("customer:hilton").
    `detail` is what the audit trail says of it: no address, nothing private. `undoes` is the id
    of the change this one takes back. `customers` are those it touched.
    """

    id: str
    at: datetime
    actor: str
    action: str
    subject: str
    before: str
    after: str
    hunks: tuple[Hunk, ...]
    status: ChangeStatus = ChangeStatus.BEGUN
    undoes: str | None = None
    customers: tuple[CustomerId, ...] = ()
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where one value of a customer was imported from.

    `field` is a field of the book, or "channel:address" for an address. `value` is the value as
    it was imported: when the book says something else by now, the origin no longer explains it.
    """

    customer_id: CustomerId
    field: str
    value: str
    source: str
    at: datetime
