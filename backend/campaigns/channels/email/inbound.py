"""Inbound mail: answers, automatic answers, bounces, complaints and unsubscribe requests.

An automatic mail (RFC 3834) is never taken for a person's words. Which mail of ours it is about
is told by tokens (`threads`); without one, the person is known by their address alone.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses, parseaddr
from html.parser import HTMLParser

from campaigns.channels.email import bounces, complaints, threads, unsubscribe
from campaigns.channels.email.mime import Letterhead
from campaigns.channels.email.quotes import answer_in
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, EventType
from campaigns.model.ids import MessageId
from campaigns.model.webhook import Told

MOST_CHARS = 50_000
_AUTOMATIC_PRECEDENCE = frozenset({"bulk", "list", "auto_reply", "junk"})
_MACHINES = re.compile(r"^(mailer-daemon|postmaster|no-?reply|bounces?)\b", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,400}>")
MOST_IDS = 20
_UNSUBSCRIBE = re.compile(r"^\s*unsubscribe\s+(\S+)", re.IGNORECASE)
_TO_US = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")


class InboundMail:
    """`model.ports.Webhook` for mails fetched from our own mailbox."""

    def __init__(self, head: Letterhead) -> None:
        self._head = head

    def verifies(self, body: bytes, signature: str) -> bool:
        """Say no: mail comes from the mailbox, never by a request to us."""
        return False

    def read(self, body: bytes, received_at: datetime) -> Told:
        """Read one mail. Never raises: what cannot be read is among the faults."""
        try:
            mail = message_from_bytes(body, policy=default)
            if complaints.is_feedback(mail):
                return self._feedback(mail, body, received_at)
            return Told(events=tuple(self._events(mail, body, received_at)))
        except (ValueError, LookupError, TypeError, AttributeError, IndexError) as error:
            # The parsers of the standard library raise these on mail that breaks the rules.
            return Told(faults=(f"{type(error).__name__}: the mail could not be read",))

    def _events(
        self, mail: EmailMessage, body: bytes, received_at: datetime
    ) -> Iterator[DeliveryEvent]:
        key = _key(body)
        automatic = is_automatic(mail)
        reports = bounces.reports(mail) if automatic else []
        if reports:
            quoted = bounces.quoted(mail)
            about = self._reported(mail, quoted)
            for n, report in enumerate(reports):
                yield DeliveryEvent(
                    channel=Channel.EMAIL,
                    type=report.type,
                    dedupe_key=f"{key}:{n}",
                    occurred_at=received_at,
                    message_id=about,
                    # A report on a mail that is not ours must not be taken for one on ours.
                    provider_id=None if about else bounces.quoted_id(quoted),
                    address=report.address,
                    reason=report.reason,
                )
            return
        yield self._written(mail, key, received_at, automatic=automatic)

    def _written(
        self, mail: EmailMessage, key: str, received_at: datetime, *, automatic: bool
    ) -> DeliveryEvent:
        subject = _header(mail, "Subject")
        sender = parseaddr(_header(mail, "From"))[1].lower()
        about = threads.message_of(_thread(mail), self._head)
        asked = _UNSUBSCRIBE.match(subject)
        if asked and any(
            unsubscribe.is_genuine(secret, asked[1], sender) for secret in self._head.secrets
        ):
            kind, about = EventType.UNSUBSCRIBED, unsubscribe.message_of(asked[1])
        else:
            kind = EventType.AUTO_REPLIED if automatic else EventType.REPLIED
        words = answer_in(_text(mail), self._head.address)[:MOST_CHARS]
        return DeliveryEvent(
            channel=Channel.EMAIL,
            type=kind,
            dedupe_key=key,
            occurred_at=received_at,
            message_id=about,
            address=sender or None,
            text=words or subject,
            headers={"subject": subject, "references": " ".join(_ids(mail))},
        )

    def _feedback(self, mail: EmailMessage, body: bytes, received_at: datetime) -> Told:
        found = complaints.complaint(mail)
        if found is None:
            return Told(faults=("a feedback report in which nobody complains",))
        quoted = bounces.quoted(mail)
        event = DeliveryEvent(
            channel=Channel.EMAIL,
            type=found.type,
            dedupe_key=_key(body),
            occurred_at=received_at,
            message_id=self._reported(mail, quoted),
            address=found.address,
            headers={"feedback": found.kind},
        )
        return Told(events=(event,))

    def _reported(self, mail: EmailMessage, quoted: str) -> MessageId | None:
        return threads.message_of([quoted, *_thread(mail)], self._head) or threads.quoted_message(
            quoted
        )


def _key(body: bytes) -> str:
    return f"mail:{hashlib.sha256(body).hexdigest()[:40]}"


def is_automatic(mail: EmailMessage) -> bool:
    """Whether a machine wrote this (RFC 3834, and what programs that do not follow it say)."""
    if mail.get_content_type() == "multipart/report":
        return True
    submitted = _header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    path = mail.get("Return-Path")
    return (
        submitted not in ("", "no")
        or "X-Auto-Response-Suppress" in mail
        or "X-Autoreply" in mail
        or _header(mail, "Precedence").strip().lower() in _AUTOMATIC_PRECEDENCE
        or (path is not None and str(path).strip() == "<>")
        or bool(_MACHINES.match(parseaddr(_header(mail, "From"))[1]))
    )


def _thread(mail: EmailMessage) -> list[str]:
    to_us = [address for name in _TO_US for _, address in getaddresses(_all(mail, name))]
    return [*to_us, *_all(mail, "In-Reply-To"), *_all(mail, "References")]


def _all(mail: EmailMessage, name: str) -> list[str]:
    return [str(value) for value in mail.get_all(name, [])]


def _ids(mail: EmailMessage) -> list[str]:
    """Return the Message-IDs of the thread, oldest first and this mail's own last."""
    named = " ".join([*_all(mail, "References"), *_all(mail, "In-Reply-To")[:1]])
    return list(dict.fromkeys([*_MESSAGE_ID.findall(named), *_own_id(mail)]))[-MOST_IDS:]


def _own_id(mail: EmailMessage) -> list[str]:
    return _MESSAGE_ID.findall(_header(mail, "Message-ID"))[:1]


def _header(mail: EmailMessage, name: str) -> str:
    return str(mail.get(name, ""))


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    content = part.get_content()
    text = content if isinstance(content, str) else ""
    return _plain(text) if part.get_content_type() == "text/html" else text


class _Words(HTMLParser):
    """Collects the words of HTML; what is quoted is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._quotes = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("blockquote", "style", "script"):
            self._quotes += 1
        elif tag in ("br", "p", "div", "tr", "li"):
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("blockquote", "style", "script"):
            self._quotes = max(0, self._quotes - 1)

    def handle_data(self, data: str) -> None:
        if not self._quotes:
            self.parts.append(data)


def _plain(html: str) -> str:
    words = _Words()
    words.feed(html)
    return "".join(words.parts)
