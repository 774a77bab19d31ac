"""A real SMTP server on loopback that can be told to misbehave."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

PASSWORD = "correct horse"


@dataclass
class Peer:
    """What the server answers, by command, and what it took.

    An answer "drop" breaks the connection there; "take and drop" does so after taking the mail;
    "wait" at the final dot never answers.
    """

    mail: str | None = None
    rcpt: str | None = None
    data: str | None = None
    dot: str | None = None
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    logins: list[str] = field(default_factory=list)

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.mail:
            return self._answer(server, self.mail)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.rcpt:
            return self._answer(server, self.rcpt)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.dot is None or self.dot == "take and drop":
            parsed = message_from_bytes(envelope.content, policy=default)
            assert isinstance(parsed, EmailMessage)
            self.taken.append(parsed)
            self.recipients += envelope.rcpt_tos
        if self.dot == "wait":
            await asyncio.Event().wait()
        return self._answer(server, self.dot or "250 2.0.0 queued")

    def authenticate(
        self, server: SMTP, session: Any, envelope: Any, mechanism: str, login: Any
    ) -> AuthResult:
        assert isinstance(login, LoginPassword)
        self.logins.append(login.login.decode())
        if login.password.decode() == PASSWORD:
            return AuthResult(success=True)
        return AuthResult(success=False, handled=False, message="535 5.7.8 bad credentials")

    def _answer(self, server: SMTP, answer: str) -> str:
        if "drop" in answer:
            server.transport.abort()
        return answer


class _Server(SMTP):
    """aiosmtpd that can refuse the DATA command itself."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        peer = self.event_handler
        assert isinstance(peer, Peer)
        if peer.data == "drop":
            self.transport.abort()
        elif peer.data:
            await self.push(peer.data)
        else:
            await super().smtp_DATA(arg)


@dataclass
class Certificate:
    """A certificate for localhost and the context of a client that trusts it."""

    server: ssl.SSLContext
    client: ssl.SSLContext


def certificate() -> Certificate:
    """Make a certificate authority and a certificate of this test run."""
    authority = trustme.CA()
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return Certificate(server, client)


@contextmanager
def serving(
    peer: Peer, *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[int]:
    """Serve the peer on loopback; yield the port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="smtp-peer")
    thread.start()

    sessions: list[SMTP] = []

    def session() -> SMTP:
        server = _Server(
            peer,
            hostname="localhost",
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=peer.authenticate,
            auth_require_tls=False,
            enable_SMTPUTF8=True,
            loop=loop,
        )
        sessions.append(server)
        return server

    async def listen() -> asyncio.Server:
        return await loop.create_server(session, "127.0.0.1", 0, ssl=tls)

    async def hang_up(server: asyncio.Server) -> None:
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        for session in sessions:
            if session.transport is not None:
                session.transport.abort()
        await asyncio.sleep(0.01)

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(hang_up(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
