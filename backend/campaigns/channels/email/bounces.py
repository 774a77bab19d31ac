"""Bounces: what became of a mail after a server took it.

The standard form first (RFC 3464), then a header that names who was not reached (Exim, Gmail),
then whatever flufl.bounce recognises. `delayed` is no bounce; `failed` means what the same code
would mean in an SMTP reply.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.utils import getaddresses

from campaigns.channels.email.smtp_replies import refusal
from campaigns.model.delivery import EventType, Reason, ReasonClass

_ADDRESS = re.compile(r"[^\s;<>]+@[^\s;<>]+")
_CODE = re.compile(r"\b([245])\d\d\b")
# "550 5.1.1 no such user", "#5.1.1", "smtp;550 ...": the enhanced code, or the plain one.
_SAID = re.compile(r"(?:\b([45]\d\d)[ -]+)?#?\b([45]\.\d{1,3}\.\d{1,3})\b|\b([45]\d\d) (?=\S)")
_NAMES_FAILED = "X-Failed-Recipients"
_OPENING = 5_000  # characters of a report's own words; a copy of the mail may follow
_MESSAGE_ID = re.compile(r"^Message-ID:\s*(<[^<>\s]{1,120}>)", re.MULTILINE | re.IGNORECASE)
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
    return list(_standard(mail)) or list(_named(mail)) or list(_recognised(mail))


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


def quoted_id(text: str) -> str | None:
    """Return the Message-ID of the mail a report quotes, None when it quotes none."""
    found = _MESSAGE_ID.search(text)
    return found[1] if found else None


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


def _named(mail: EmailMessage) -> Iterator[Report]:
    """Read a report that says in a header who was not reached, and why in its words."""
    for _, address in getaddresses([str(v) for v in mail.get_all(_NAMES_FAILED, [])]):
        if "@" in address:
            yield Report(type=EventType.BOUNCED, address=address.lower(), reason=_in_words(mail))


def _in_words(mail: EmailMessage) -> Reason:
    """Return why a mail came back, by the first code in the report's own words."""
    part = mail.get_body(preferencelist=("plain",))
    content = part.get_content()[:_OPENING] if part is not None else ""
    found = _SAID.search(content)
    if found is None:
        return Reason(kind=ReasonClass.INVALID_RECIPIENT, detail="the mail came back")
    line = content[found.end() :].partition("\n")[0]
    plain = int(found[1] or found[3] or f"{found[2][0]}50")
    return refusal(plain, f"{found[2] or ''} {line}").reason


def _recognised(mail: EmailMessage) -> Iterator[Report]:
    # Imported here: only mails that look like a report come this far.
    from flufl.bounce import all_failures

    temporary, permanent = all_failures(mail)
    for address in sorted(permanent):
        yield Report(type=EventType.BOUNCED, address=_text(address), reason=_in_words(mail))
    for address in sorted(temporary - permanent):
        reason = Reason(kind=ReasonClass.TRANSIENT, detail="the mail is delayed")
        yield Report(type=EventType.DEFERRED, address=_text(address), reason=reason)


def _text(address: bytes | str) -> str:
    return (address.decode("ascii", "replace") if isinstance(address, bytes) else address).lower()
