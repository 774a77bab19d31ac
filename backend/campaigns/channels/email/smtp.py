"""Real e-mail by SMTP: TLS, STARTTLS or none, logged in, one recipient a transaction.

SMTP has no idempotency key, so the point where a mail may have left is kept as narrow as the
protocol allows: `leaving` is committed after the server's 354 and before the first byte of
content. Every reply code is definite. A connection that breaks after that point, before the
reply to the final dot, leaves the message in doubt.
"""

import asyncio
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import aiosmtplib
from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from campaigns.channels.email import mime
from campaigns.channels.email.smtp_replies import refusal
from campaigns.model.customer import Channel
from campaigns.model.delivery import (
    Accepted,
    Quota,
    Reason,
    ReasonClass,
    Refused,
    SendOutcome,
    Unknown,
)
from campaigns.model.facts import Facts
from campaigns.model.message import Message, Template
from campaigns.model.ports import Clock
from campaigns.model.text import CohortText, Rendered

COMMAND_TIMEOUT_S = 30.0
DOT_TIMEOUT_S = 600.0  # RFC 5321, 4.5.3.2.6
UNREACHABLE_RETRY_S = 300.0
IDLE_S = 60.0  # servers hang up on idle connections after some minutes
START_INPUT, COMPLETED = 354, 250

_LEADING_DOT = re.compile(rb"(?m)^\.")

Dress = Callable[[CohortText, Rendered, Facts], tuple[str | None, Template | None]]
Problem = Callable[[Message], str | None]


class Security(StrEnum):
    """How the connection is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"  # loopback only


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where mail is handed in; the login is the sender's address, without a password none.

    `tls` is for tests with a certificate of their own.
    """

    host: str
    port: int
    security: Security
    password: str | None = None
    tls: ssl.SSLContext | None = None
    connections: int = 4


@dataclass(slots=True)
class _Idle:
    client: SMTP
    since: float


class SmtpCarrier:
    """`model.ports.Carrier` for e-mail."""

    channel = Channel.EMAIL
    simulated = False
    ready = None

    def __init__(
        self,
        server: SmtpServer,
        head: mime.Letterhead,
        quota: Quota,
        clock: Clock,
        *,
        dress: Dress,
        problem: Problem,
    ) -> None:
        self.quota = quota
        self._server = server
        self._head = head
        self._clock = clock
        self._dress = dress
        self._problem = problem
        self._gate = asyncio.Semaphore(server.connections)
        self._idle: list[_Idle] = []

    def dress(
        self, text: CohortText, rendered: Rendered, facts: Facts
    ) -> tuple[str | None, Template | None]:
        """Return the branded HTML of a rendered text."""
        return self._dress(text, rendered, facts)

    def problem(self, message: Message) -> str | None:
        """Return why this message cannot be a mail, or None."""
        return self._problem(message)

    async def send(self, message: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        """Hand one mail in; `Unknown` only when the connection broke after content left."""
        content = mime.build(message, self._head, self._clock.now())
        async with self._gate:
            opened = await self._open(message)
            if isinstance(opened, Refused):
                return opened
            client = opened
            try:
                outcome = await _content(client, content, leaving)
            except SMTPException as error:
                _hang_up(client)
                return _not_left(error)
            except BaseException:
                _hang_up(client)  # a stop, or the database: the server must not wait for content
                raise
            await self._keep(client)
        if isinstance(outcome, Accepted):
            return Accepted(provider_id=mime.message_id(message.id, self._head))
        return outcome

    async def probe(self) -> str | None:
        """Connect, encrypt and log in as for a mail; return what is wrong, or None."""
        try:
            client = await self._connect()
        except (SMTPException, OSError) as error:
            return _not_connected(error).reason.detail
        await _quit(client)
        return None

    async def close(self) -> None:
        """Say goodbye on every idle connection."""
        idle, self._idle = self._idle, []
        for entry in idle:
            await _quit(entry.client)

    # --- connections ---------------------------------------------------------------------------

    async def _open(self, message: Message) -> SMTP | Refused:
        """Return a connection on which the envelope was taken, or the refusal."""
        client = await self._from_idle()
        if client is not None:
            try:
                await self._envelope(client, message)
            except (SMTPServerDisconnected, SMTPTimeoutError):
                _hang_up(client)  # it idled for too long; a fresh one is tried below
            except SMTPException as error:
                await self._keep(client)
                return _not_left(error)
            else:
                return client
        try:
            client = await self._connect()
        except (SMTPException, OSError) as error:
            return _not_connected(error)
        try:
            await self._envelope(client, message)
        except SMTPException as error:
            await self._keep(client)
            return _not_left(error)
        return client

    async def _from_idle(self) -> SMTP | None:
        now = asyncio.get_running_loop().time()
        while self._idle:
            entry = self._idle.pop()
            if entry.client.is_connected and now - entry.since < IDLE_S:
                return entry.client
            await _quit(entry.client)
        return None

    async def _keep(self, client: SMTP) -> None:
        """Put a connection back, its envelope cleared; one that cannot be is closed."""
        try:
            await client.rset()
        except SMTPException:
            _hang_up(client)
        else:
            self._idle.append(_Idle(client, asyncio.get_running_loop().time()))

    async def _connect(self) -> SMTP:
        head, server = self._head, self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            username=head.address if server.password is not None else None,
            password=server.password,
            local_hostname=mime.ascii_domain(head.address),
            timeout=COMMAND_TIMEOUT_S,
            use_tls=server.security is Security.TLS,
            start_tls=server.security is Security.STARTTLS,
            tls_context=server.tls,
        )
        await client.connect()
        return client

    async def _envelope(self, client: SMTP, message: Message) -> None:
        recipient = mime.ascii_address(message.address)
        # Only a local part in another script needs the extension (RFC 6531).
        if recipient.isascii():
            await client.mail(mime.ascii_address(self._head.address))
            await client.rcpt(recipient)
            return
        if client.is_ehlo_or_helo_needed:
            await client.ehlo()
        if client.supports_extension("smtputf8"):
            await client.mail(mime.ascii_address(self._head.address), options=["SMTPUTF8"])
            await client.rcpt(recipient, encoding="utf-8")
        else:
            text = "5.6.7 the mail server takes no address that is not ASCII"
            raise SMTPRecipientRefused(553, text, recipient)


async def _content(client: SMTP, content: bytes, leaving: Callable[[], bool]) -> SendOutcome | None:
    """Send DATA and the content; raise only while nothing of the content has left."""
    started = await client.execute_command(b"DATA")
    if started.code != START_INPUT:
        raise SMTPResponseException(started.code, started.message)
    protocol = client.protocol
    if protocol is None:
        raise SMTPServerDisconnected("the connection was lost after DATA")
    if not leaving():
        # The server waits for content; hanging up is the only way to give it none.
        _hang_up(client)
        return None
    try:
        protocol.write(_LEADING_DOT.sub(b"..", content) + b".\r\n")
        answer = await protocol.read_response(timeout=DOT_TIMEOUT_S)
    except SMTPResponseException as error:
        _hang_up(client)
        return _in_doubt(f"the server's answer could not be read: {error.message}")
    except (SMTPException, OSError) as error:
        _hang_up(client)
        return _in_doubt(f"the connection broke while the mail was handed in: {error}")
    if answer.code == COMPLETED:
        return Accepted(provider_id="")
    return refusal(answer.code, answer.message)


async def _quit(client: SMTP) -> None:
    transport = client.transport
    try:
        await client.quit(timeout=2.0)
    except SMTPException:
        client.close()
    _drop(transport)


def _hang_up(client: SMTP) -> None:
    transport = client.transport
    client.close()
    _drop(transport)


def _drop(transport: asyncio.BaseTransport | None) -> None:
    """Close at once: TLS would wait for the other side's goodbye, also after our loop has ended."""
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()


def _in_doubt(detail: str) -> Unknown:
    return Unknown(reason=Reason(kind=ReasonClass.UNKNOWN, detail=detail))


def _not_left(error: SMTPException) -> Refused:
    """Judge an error that came before any content left."""
    if not isinstance(error, SMTPResponseException):
        reason = Reason(kind=ReasonClass.TRANSIENT, detail=f"the connection was lost: {error}")
        return Refused(reason=reason, retry_after_s=UNREACHABLE_RETRY_S)
    if isinstance(error, SMTPSenderRefused):
        return _about_us(error)
    return refusal(error.code, error.message)


def _about_us(error: SMTPResponseException) -> Refused:
    """Judge a reply that came before the recipient was named: a final no would meet them all."""
    refused = refusal(error.code, error.message)
    if refused.retry_after_s is not None or refused.halts_channel:
        return refused
    reason = replace(refused.reason, kind=ReasonClass.POLICY)
    return replace(refused, reason=reason, halts_channel=True, halts_campaign=False)


def _not_connected(error: SMTPException | OSError) -> Refused:
    """Judge why no usable connection came about."""
    if isinstance(error, SMTPAuthenticationError):
        refused = _about_us(error)
        detail = f"the login was refused; check CAMPAIGN_EMAIL_PASSWORD ({refused.reason.detail})"
        return replace(refused, reason=replace(refused.reason, detail=detail))
    if isinstance(error, SMTPResponseException):
        return _about_us(error)
    if _is_untrusted(error):
        detail = "the mail server's certificate is not trusted; check SMTP_SERVER"
        reason = Reason(kind=ReasonClass.AUTH, code="tls", detail=detail)
        return Refused(reason=reason, halts_channel=True)
    if isinstance(error, (aiosmtplib.SMTPConnectError, SMTPServerDisconnected, SMTPTimeoutError)):
        reason = Reason(kind=ReasonClass.TRANSIENT, detail=f"the mail server is away: {error}")
        return Refused(reason=reason, retry_after_s=UNREACHABLE_RETRY_S)
    # What the server does not offer (STARTTLS, a login we know) it will not offer later either.
    detail = f"the mail server cannot do what is set: {error}; check CAMPAIGNS_SMTP_SECURITY"
    return Refused(reason=Reason(kind=ReasonClass.AUTH, detail=detail), halts_channel=True)


def _is_untrusted(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return True
        seen = seen.__cause__
    return False
