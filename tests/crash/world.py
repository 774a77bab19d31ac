"""What is never killed: the providers on this machine, and a book of people to write to.

The providers misbehave: they are slow, answer 429 and 500, cut connections before and after they
took a message, and tell some news twice and out of order. Every seventh customer's first address
is dead, which its provider says at once. What they took is the truth.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from random import Random
from typing import Any

from aiosmtpd.smtp import SMTP
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tests.channels import smtp_peer
from tests.support.sending import NOON

from campaigns.channels.simulator.http import LineSimulator, Trouble, WhatsAppSimulator, serving
from campaigns.channels.simulator.http.herald import Mishaps
from campaigns.model.consent import Consent
from campaigns.model.customer import Channel
from campaigns.store import SqlStore

SLOW_S = (0.02, 0.4)  # the shortest and the longest a provider takes over a message
FEW = 4  # customers of one name


def house_name(n: int) -> str:
    """Return the name of the n-th customer."""
    return f"Riverside House {n:05d} Bangkok"


def namesake(n: int) -> str:
    """Return the name that the n-th few customers share: what they are told is the same."""
    return f"Harbour House {n:05d} Bangkok"


def line_id(n: int) -> str:
    """Return the LINE id of the n-th customer."""
    return f"U{n:032x}"


def phone(n: int) -> str:
    """Return the number of the n-th customer, an invented one, without +."""
    return f"6681{n:07d}"


def mailbox(n: int) -> str:
    """Return the e-mail address of the n-th customer."""
    return f"gm{n:05d}@riverside.example"


def first_channel(n: int) -> Channel:
    """Return the channel on which the n-th customer wants to be written to."""
    return list(Channel)[n // 7 % 3]


def is_dead(n: int) -> bool:
    """Whether the n-th customer's address on the first channel is nobody's."""
    return n % 7 == 6


def dead(customers: int, channel: Channel) -> list[int]:
    """Return the customers whose address on this channel is nobody's."""
    return [n for n in range(customers) if is_dead(n) and first_channel(n) is channel]


def book(customers: int, path: Path, namesakes: int = 0) -> Path:
    """Write a book whose customers can be reached on every channel, each best on another.

    After them come `namesakes` more, a few of each name.
    """
    names = [house_name(n) for n in range(customers)]
    names += [namesake(n // FEW) for n in range(namesakes)]
    entries = "\n---\n\n".join(
        f"### {name}\n"
        "- **Business Type**: Hotel\n- **Zone Count**: 2\n- **Zone Names**: Lobby, Pool\n"
        "- **Annual Price per Zone**: THB 9,000\n- **Currency**: THB\n"
        "- **Contract End**: 2030-10-20\n\n#### Contacts\n"
        f"- **General Manager**: Anna Example\n  - Email: {mailbox(n)}\n"
        f"  - Phone: +{phone(n)}\n  - LINE: {line_id(n)}\n"
        f"  - Preferred Contact: {first_channel(n)}\n"
        for n, name in enumerate(names)
    )
    path.write_text(f"# Book\n\n## Venue Information\n\n{entries}", encoding="utf-8")
    return path


def consented(store: SqlStore, customers: int) -> None:
    """Have every customer's LINE id known as a follower's."""
    with store.begin() as tx:
        for n in range(customers):
            consent = Consent(
                channel=Channel.LINE, address=line_id(n), source="test", evidence="", at=NOON
            )
            tx.consents.consent(consent)


@dataclass
class Mailbox(smtp_peer.Peer):
    """A mail server that takes its time and cuts one connection in fifty, before or after."""

    chance: Random = field(default_factory=lambda: Random(7))  # noqa: S311 - repeatable accidents
    nobodys: frozenset[str] = frozenset()

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.nobodys:
            return "550 5.1.1 no such user here"
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(self.chance.uniform(*SLOW_S))
        drawn = self.chance.random()
        if drawn < 0.01:
            server.transport.abort()
            return "451 4.3.0 never heard"
        answer = await super().handle_DATA(server, session, envelope)
        if drawn < 0.02:
            server.transport.abort()
        return answer


@dataclass
class Providers:
    """Meta, LINE and a mail server; `settings` lead the product to them."""

    meta: WhatsAppSimulator
    line: LineSimulator
    mail: Mailbox
    settings: dict[str, str]

    def call(self, url: str) -> None:
        """Have webhooks posted to a server."""
        self.meta.herald.callback = f"{url}/webhooks/whatsapp"
        self.line.herald.callback = f"{url}/webhooks/line"

    def quiet(self) -> bool:
        """Whether everything they tell was taken."""
        return self.meta.herald.settled() and self.line.herald.settled()

    def cut_off(self) -> int:
        """How many webhooks were cut off in the middle."""
        return self.meta.herald.cut_off + self.line.herald.cut_off

    def misbehave(self) -> None:
        """Have the providers' bad day begin."""
        shares = {
            Trouble.BUSY: 0.01,
            Trouble.BROKEN: 0.01,
            Trouble.BROKEN_LATE: 0.01,
            Trouble.DROPPED: 0.01,
            Trouble.UNANSWERED: 0.01,
        }
        self.meta.faults.share(shares)
        self.line.faults.share(shares)

    def taken(self) -> dict[Channel, Counter[tuple[str, str]]]:
        """Return how often each text was taken for each address."""
        return {
            Channel.WHATSAPP: Counter((f"+{t.to}", _ours(t)) for t in self.meta.taken),
            Channel.LINE: Counter((p.to, p.text) for p in self.line.pushed),
            Channel.EMAIL: Counter(
                (m["To"].addresses[0].addr_spec, _id(m)) for m in self.mail.taken
            ),
        }


def _ours(taken: Any) -> str:
    return str(taken.body.biz_opaque_callback_data).partition(":")[0]


def _id(mail: EmailMessage) -> str:
    return str(mail["X-Campaign-Message"])


class _Slow:
    """Answers to sends after a while; a sender that died meanwhile changes nothing.

    `refuses` may answer in the provider's place, by what was asked for.
    """

    def __init__(self, app: ASGIApp, refuses: Callable[[bytes], Response | None]) -> None:
        self._app = app
        self._refuses = refuses
        self._chance = Random(11)  # noqa: S311 - repeatable waits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        parts, more = [], True
        while more:
            part = await receive()
            if part["type"] == "http.disconnect":
                return  # it died before it had asked for anything
            parts.append(part.get("body", b""))
            more = part.get("more_body", False)
        await asyncio.sleep(self._chance.uniform(*SLOW_S))
        body = b"".join(parts)
        refusal = self._refuses(body)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        whole: Message = {"type": "http.request", "body": body, "more_body": False}

        async def replay() -> Message:
            return whole

        await self._app(scope, replay, send)


def _no_number(body: bytes, numbers: frozenset[str]) -> Response | None:
    """Answer as Meta does about a number that is not on WhatsApp."""
    to = str(json.loads(body).get("to", "")).removeprefix("+")
    if to not in numbers:
        return None
    error = {"message": "(#131026) Message undeliverable", "code": 131026, "fbtrace_id": "x"}
    return JSONResponse({"error": error | {"type": "OAuthException"}}, status_code=400)


@contextmanager
def providers(customers: int, namesakes: int = 0) -> Iterator[Providers]:
    """Serve the providers until the block ends; no address of a namesake is nobody's."""
    nobodys = frozenset(mailbox(n) for n in dead(customers, Channel.EMAIL))
    meta, line, mail = WhatsAppSimulator(_now), LineSimulator(_now), Mailbox(nobodys=nobodys)
    meta.limit = "TIER_UNLIMITED"
    gone = set(dead(customers, Channel.LINE))
    line.known |= {line_id(n) for n in range(customers + namesakes) if n not in gone}
    # LINE tells again what was not taken only where that is switched on: here it is.
    line.herald.redelivers = True
    for simulator in (meta, line):
        simulator.herald.mishaps = Mishaps(twice=0.1, reordered=0.1, late_s=0.1)
    with ExitStack() as stack:
        numbers = frozenset(phone(n) for n in dead(customers, Channel.WHATSAPP))
        at = [
            stack.enter_context(serving(_Slow(meta.app, lambda body: _no_number(body, numbers)))),
            stack.enter_context(serving(_Slow(line.app, lambda body: None))),
        ]
        port = stack.enter_context(smtp_peer.serving(mail))
        for simulator in (meta, line):
            simulator.herald.start()
            stack.callback(simulator.herald.stop)
        yield Providers(meta, line, mail, _settings(meta, line, at, port))


def _settings(
    meta: WhatsAppSimulator, line: LineSimulator, at: list[str], port: int
) -> dict[str, str]:
    return {
        "CAMPAIGNS_WHATSAPP_URL": at[0],
        "WHATSAPP_ACCESS_TOKEN": meta.own.token,
        "WHATSAPP_PHONE_NUMBER_ID": meta.own.phone_number_id,
        "WHATSAPP_BUSINESS_ACCOUNT_ID": meta.own.business_account_id,
        "WHATSAPP_APP_SECRET": meta.own.app_secret,
        "CAMPAIGNS_LINE_URL": at[1],
        "LINE_CHANNEL_ACCESS_TOKEN": line.own.token,
        "LINE_CHANNEL_SECRET": line.own.channel_secret,
        "SMTP_SERVER": "127.0.0.1",
        "SMTP_PORT": str(port),
        "CAMPAIGNS_SMTP_SECURITY": "none",
        "CAMPAIGN_EMAIL_SENDER": "hello@music.example",
        "CAMPAIGNS_WHATSAPP_PER_DAY": "1000000",
        "CAMPAIGNS_EMAIL_PER_HOUR": "1000000",
        "CAMPAIGNS_SEND_WINDOW": "always",
        "CAMPAIGNS_HOLD_SECONDS": "0",
        "CAMPAIGNS_LOG": "error",
    }


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - providers have their own clock
