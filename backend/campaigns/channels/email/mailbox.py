"""Our own mailbox by IMAP: what came in, and whether a mail lies among those sent.

The checkpoint is the mailbox's UIDVALIDITY and the last UID taken (RFC 3501, 2.3.1.1). Where the
mailbox was rebuilt and numbers anew, the mails of the last days are taken again; the same bytes
are the same mail, so nothing is taken twice. A mailbox seen for the first time is read from now on.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from imaplib import IMAP4

from imap_tools import (
    AND,
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailboxLoginError,
    MailBoxStartTls,
    MailBoxUnencrypted,
)
from imap_tools.query import Header, UidRange

from campaigns.model.errors import ProviderRefused

TIMEOUT_S = 60.0
LOOK_BACK = timedelta(days=3)
SENT_FLAG = "\\Sent"


class Security(StrEnum):
    """How the connection is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"  # loopback only


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapServer:
    """Where our mailbox is; `tls` is for tests with a certificate of their own."""

    host: str
    port: int
    security: Security
    user: str
    password: str
    folder: str = "INBOX"
    tls: ssl.SSLContext | None = None

    @property
    def name(self) -> str:
        """What the checkpoint is kept under."""
        return f"{self.user}@{self.host}/{self.folder}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """How far a mailbox was read, "UIDVALIDITY:UID" when written down."""

    validity: int
    uid: int

    def __str__(self) -> str:
        return f"{self.validity}:{self.uid}"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read what `str` wrote."""
        validity, _, uid = text.partition(":")
        return cls(validity=int(validity), uid=int(uid))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A mail as it came, and the checkpoint that holds once it is kept."""

    body: bytes
    then: Checkpoint


class OpenMailbox:
    """A connection with our folder selected."""

    def __init__(self, box: BaseMailBox, server: ImapServer) -> None:
        self._box = box
        self._server = server

    def start(self) -> Checkpoint:
        """Return where a mailbox that was never read begins: after what is there already."""
        status = self._status()
        return Checkpoint(validity=status["UIDVALIDITY"], uid=status["UIDNEXT"] - 1)

    def since(self, written: str, today: date) -> Iterator[Fetched]:
        """Yield what came after a checkpoint, oldest first."""
        reached = Checkpoint.parse(written)
        validity = self._status()["UIDVALIDITY"]
        if validity == reached.validity:
            wanted = AND(uid=UidRange(str(reached.uid + 1), "*"))
        else:
            wanted = AND(date_gte=today - LOOK_BACK)
        # A range that ends with "*" always holds the last mail, however low its number.
        last = reached.uid if validity == reached.validity else 0
        uids = sorted(int(uid) for uid in self._box.uids(wanted) if int(uid) > last)
        for uid in uids:
            body = self._raw(uid)
            if body is not None:
                yield Fetched(body=body, then=Checkpoint(validity=validity, uid=uid))

    def wait(self, seconds: float) -> None:
        """Wait until something comes, at most so long (RFC 2177); just wait where it cannot."""
        self._box.idle.wait(timeout=seconds)

    @property
    def can_wait(self) -> bool:
        """Whether the server tells by itself when a mail comes."""
        return "IDLE" in self._box.client.capabilities

    def lies_in_sent(self, message_id: str) -> bool:
        """Whether a mail with this Message-ID lies in the folder of sent mails."""
        sent = next((f.name for f in self._box.folder.list() if SENT_FLAG in f.flags), None)
        if sent is None:
            return False
        self._box.folder.set(sent, readonly=True)
        try:
            return bool(self._box.uids(AND(header=Header("Message-ID", message_id))))
        finally:
            self._box.folder.set(self._server.folder)

    def _raw(self, uid: int) -> bytes | None:
        """Return a mail byte for byte and leave it unread; None when it is gone meanwhile."""
        _, answer = self._box.client.uid("FETCH", str(uid), "(BODY.PEEK[])")
        return next((part[1] for part in answer if isinstance(part, tuple)), None)

    def _status(self) -> dict[str, int]:
        return self._box.folder.status(self._server.folder, ["UIDVALIDITY", "UIDNEXT"])


@contextmanager
def opened(server: ImapServer) -> Iterator[OpenMailbox]:
    """Log in and select the folder.

    Raises `ProviderRefused` when the server is away, refuses the login, or breaks off meanwhile.
    """
    try:
        box = _connected(server)
        try:
            box.login(server.user, server.password, initial_folder=server.folder)
            yield OpenMailbox(box, server)
        finally:
            box.client.shutdown()
    except MailboxLoginError as error:
        raise ProviderRefused(
            f"The mail server {server.host} refuses the login of {server.user}; "
            "check CAMPAIGN_EMAIL_PASSWORD."
        ) from error
    except (ImapToolsError, IMAP4.error, OSError) as error:
        raise ProviderRefused(f"The mailbox at {server.host} cannot be read: {error}") from error


def _connected(server: ImapServer) -> BaseMailBox:
    match server.security:
        case Security.TLS:
            return MailBox(server.host, server.port, TIMEOUT_S, ssl_context=server.tls)
        case Security.STARTTLS:
            return MailBoxStartTls(server.host, server.port, TIMEOUT_S, ssl_context=server.tls)
        case Security.NONE:
            return MailBoxUnencrypted(server.host, server.port, TIMEOUT_S)
