"""The audit trail: append-only, each entry chained to the one before by its hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One thing somebody did.

    `seq` counts from 1 without gaps; `actor` is a key's owner or "system"; `action` a stable verb ("campaign.approved"); `subject` what it was done to
    ("campaign:c_1"); `detail` JSON values, never a message body, a secret or a note.
    """

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object]
    previous: str
    hash: str


def entry_hash(  # noqa: PLR0913 - the hash covers every field, so it takes every field
    *,
    seq: int,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    detail: Mapping[str, object],
    previous: str,
) -> str:
    """Return the SHA-256 (hex) over the canonical JSON of an entry and its predecessor's hash."""
    whole = [seq, at.astimezone(UTC).isoformat(), actor, action, subject, detail, previous]
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def first_break(entries: "list[AuditEntry]") -> int | None:
    """Return the `seq` of the first entry that breaks the chain, or None when it holds.

    `entries` start at seq 1, in order.
    """
    previous = GENESIS
    for expected, e in enumerate(entries, start=1):
        intact = e.hash == entry_hash(
            seq=e.seq,
            at=e.at,
            actor=e.actor,
            action=e.action,
            subject=e.subject,
            detail=e.detail,
            previous=e.previous,
        )
        if e.seq != expected or e.previous != previous or not intact:
            return expected
        previous = e.hash
    return None
