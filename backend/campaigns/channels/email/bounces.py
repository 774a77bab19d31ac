"""Bounces: what became of a mail after a server took it.

The standard form first (RFC 3464), then whatever flufl.bounce recognises. `delayed` is no
bounce; `failed` means what the same code would mean in an SMTP reply.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message

from campaigns.channels.email.smtp_replies import refusal
from campaigns.model.delivery import EventType, Reason, ReasonClass

_ADDRESS = re.compile(r"[^\s;<>]+@[^\s;<>]+")
_CODE = re.compile(r"\b([245])\d\d\b")
_ACTIONS = {
    "failed": EventType.BOUNCED,
    "delayed": EventType.DEFERRED,
    "delivered": EventType.DELIVERED,
    "relayed": EventType.DELIVERED,
    "expanded": EventType.DELIVERED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a server says about one recipient."""

    type: EventType
    address: str
    reason: Reason | None = None


def reports(mail: EmailMessage) -> list[Report]:
    """Return what a mail reports about recipients; empty when it is no report."""
    return list(_standard(mail)) or list(_recognised(mail))


def quoted(mail: EmailMessage) -> str:
    """Return what a report quotes of the mail it is about: its headers, or all of it."""
    parts = [
        part
        for part in mail.walk()
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers", "message/global")
    ]
    if parts:
        return "\n".join(part.as_string() for part in parts)
    return mail.as_string() if not mail.is_multipart() else ""


def _standard(mail: EmailMessage) -> Iterator[Report]:
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else ():
            report = _about_one(block) if isinstance(block, Message) else None
            if report is not None:
                yield report


def _about_one(block: Message) -> Report | None:
    kind = _ACTIONS.get(str(block.get("Action", "")).strip().lower())
    written = str(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
    address = _ADDRESS.search(written)
    if kind is None or address is None:
        return None
    said = str(block.get("Diagnostic-Code", "")).partition(";")[2].strip()
    status = str(block.get("Status", "")).split()
    reason = _reason(status[0] if status else "", said) if kind is not EventType.DELIVERED else None
    return Report(type=kind, address=address.group().lower(), reason=reason)


def _reason(status: str, said: str) -> Reason:
    code = _CODE.search(said)
    plain = int(code.group()) if code else 550
    words = re.sub(r"^\d{3}[ -]", "", said)
    return refusal(plain, words if words.startswith(status) else f"{status} {words}").reason


def _recognised(mail: EmailMessage) -> Iterator[Report]:
    # Imported here: only mails that look like a report come this far.
    from flufl.bounce import all_failures

    temporary, permanent = all_failures(mail)
    for address in sorted(permanent):
        reason = Reason(kind=ReasonClass.INVALID_RECIPIENT, detail="the mail came back")
        yield Report(type=EventType.BOUNCED, address=_text(address), reason=reason)
    for address in sorted(temporary - permanent):
        reason = Reason(kind=ReasonClass.TRANSIENT, detail="the mail is delayed")
        yield Report(type=EventType.DEFERRED, address=_text(address), reason=reason)


def _text(address: bytes | str) -> str:
    return (address.decode("ascii", "replace") if isinstance(address, bytes) else address).lower()
