"""One message as mail: multipart/alternative, text first, with the headers bulk mail needs.

Header values come from the customer book and from people, so every one is reduced to one line
of printable text before it gets near a header.
"""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from campaigns.channels.email import unsubscribe
from campaigns.model.answer import Answer
from campaigns.model.ids import MessageId
from campaigns.model.message import Message
from campaigns.model.urls import is_private

# 7bit: every mail server takes it, and no line of ours can be mistaken for the end of the mail.
_POLICY = SMTP.clone(cte_type="7bit")
_POLICY_UTF8 = _POLICY.clone(utf8=True)  # for a recipient in another script (RFC 6532)
# What people's mail programs make; anything else is left out of our headers.
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,200}@[!-;=?-~]{1,200}>")
MOST_REFERENCES = 20
_FEEDBACK_PART = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What is the same on every mail.

    `address` is the sender's, `name` what recipients see. `public_url` is where unsubscribe
    links lead; without an https one (or this machine's own) unsubscribing is by mail only.
    `reply_domain` receives answers at reply+<token>@; without it answers go to `address`.
    What one of the `former` secrets signed is still recognised.
    """

    address: str
    name: str
    secret: str
    public_url: str = ""
    reply_domain: str | None = None
    former: tuple[str, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret that what comes back may be signed with."""
        return (self.secret, *self.former)


def build(message: Message, head: Letterhead, now: datetime) -> bytes:
    """Return the mail as sent (CRLF lines); the same bytes for the same message and time."""
    mail = EmailMessage(policy=_POLICY if message.address.isascii() else _POLICY_UTF8)
    mail["From"] = _address(head.address, head.name)
    mail["To"] = _address(message.address, message.contact or "")
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = now
    mail["Message-ID"] = message_id(message.id, head)
    mail["Reply-To"] = _reply_to(message.id, head)
    if message.answer is None:
        for name, value in _list_headers(message, head):
            mail[name] = value
    mail["X-Campaign-Message"] = one_line(message.id)
    mail.set_content(message.text)
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html")
        mail.set_boundary(f"=_{_mac(head.secret, f'boundary {message.id}', 24)}")
    return _thread(message.answer, head) + mail.as_bytes()


def message_id(message: MessageId, head: Letterhead) -> str:
    """Return the mail's Message-ID, the same at every attempt, so that it can be searched for."""
    return f"<{thread_token(message, head.secret)}@{ascii_domain(head.address)}>"


def ascii_domain(address: str) -> str:
    """Return the domain of an address in its ASCII form (IDNA)."""
    return address.rpartition("@")[2].encode("idna").decode("ascii")


def ascii_address(address: str) -> str:
    """Return an address with its domain in ASCII; the local part is left alone."""
    return f"{address.rpartition('@')[0]}@{ascii_domain(address)}"


def one_line(text: str) -> str:
    """Return text as one line: no control or format characters, runs of space made one."""
    printable = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text)
    return " ".join(printable.split())


def _reply_to(message: MessageId, head: Letterhead) -> Address:
    if head.reply_domain is None:
        return _address(head.address, head.name)
    return _address(f"reply+{thread_token(message, head.secret)}@{head.reply_domain}", head.name)


def _thread(answer: Answer | None, head: Letterhead) -> bytes:
    """Return the header lines that file an answer under the mail it answers (RFC 5322, 3.6.4).

    Written by hand, for the standard library would encode an id that is longer than a line. One
    person's answer to another is no bulk mail: it has no List-Unsubscribe, which would close the
    address in the middle of a talk, and no Feedback-ID.
    """
    if answer is None:
        return b""
    first = (message_id(answer.to, head),) if answer.to and answer.mailed else ()
    thread = [i for i in dict.fromkeys((*first, *answer.mail_ids)) if _MESSAGE_ID.fullmatch(i)]
    if not thread:
        return b""
    kept = thread[:1] + thread[1:][-MOST_REFERENCES:]
    references = "\r\n ".join(kept)
    return f"In-Reply-To: {thread[-1]}\r\nReferences: {references}\r\n".encode()


def _list_headers(message: Message, head: Letterhead) -> list[tuple[str, str]]:
    feedback = ("Feedback-ID", _feedback_id(message, head))
    token = unsubscribe.token(head.secret, message.id, message.address)
    by_mail = f"<mailto:{ascii_address(head.address)}?subject=unsubscribe%20{token}>"
    # One click over https only (RFC 8058, 3.1), or to this machine, for trying.
    if not is_private(head.public_url):
        return [("List-Unsubscribe", by_mail), feedback]
    by_web = f"<{unsubscribe.link(head.public_url, token)}>"
    return [
        ("List-Unsubscribe", f"{by_web}, {by_mail}"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        feedback,
    ]


def _feedback_id(message: Message, head: Letterhead) -> str:
    """Return Gmail's Feedback-ID: campaign, customer, type and, last and stable, the sender."""
    sender = head.address.partition("@")[2]
    parts = (message.campaign_id, message.customer_id, message.cohort.partition(".")[0], sender)
    return ":".join(_FEEDBACK_PART.sub("-", part) or "-" for part in parts)


def _address(address: str, name: str) -> Address:
    local, _, domain = address.rpartition("@")
    ascii_form = domain.encode("idna").decode("ascii")
    return Address(display_name=one_line(name), username=local, domain=ascii_form)


def thread_token(message: MessageId, secret: str) -> str:
    """Return what names a message in addresses and ids, and only we can make."""
    return f"{message}.{_mac(secret, f'thread {message}', 8)}"


def _mac(secret: str, text: str, digits: int) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:digits]
