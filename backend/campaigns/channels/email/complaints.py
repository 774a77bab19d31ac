"""Spam complaints: a mailbox provider tells that somebody marked a mail of ours as junk.

The form is RFC 5965 (ARF), as the feedback loops of Microsoft, Yahoo and others send it. The
recipient is often taken out of it, so the mail it is about tells who complains.
"""

import re
from dataclasses import dataclass
from email.message import EmailMessage, Message

from campaigns.model.delivery import EventType

_ADDRESS = re.compile(r"[^\s;<>]+@[^\s;<>]+")
# RFC 5965, 7.3 and RFC 6430: what a report may say; `auth-failure` (RFC 6591) is no person's word.
_KINDS = {
    "abuse": EventType.COMPLAINED,
    "fraud": EventType.COMPLAINED,
    "virus": EventType.COMPLAINED,
    "other": EventType.COMPLAINED,
    "opt-out": EventType.UNSUBSCRIBED,
    "opt-out-list": EventType.UNSUBSCRIBED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What somebody thinks of a mail of ours; `address` is None where it was taken out."""

    type: EventType
    kind: str
    address: str | None


def is_feedback(mail: EmailMessage) -> bool:
    """Whether this is a feedback report, of whatever kind."""
    return any(_is_report(part) for part in mail.walk())


def complaint(mail: EmailMessage) -> Complaint | None:
    """Return the complaint a mail holds, None when it holds none."""
    report = next((part for part in mail.walk() if _is_report(part)), None)
    if report is None:
        return None
    fields = _fields(report)
    kind = str(fields.get("Feedback-Type", "")).strip().lower()
    if kind not in _KINDS:
        return None
    written = _ADDRESS.search(str(fields.get("Original-Rcpt-To", "")))
    address = written.group().lower() if written else None
    return Complaint(type=_KINDS[kind], kind=kind, address=address)


def _is_report(part: Message) -> bool:
    return part.get_content_type() == "message/feedback-report"


def _fields(report: Message) -> Message:
    """Return the report's fields: the parser takes any message/… for a mail with headers."""
    inner = report.get_payload()
    return inner[0] if isinstance(inner, list) and isinstance(inner[0], Message) else report
