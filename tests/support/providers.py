"""What tests of the real channels share: providers over HTTP, a desk, ways to send."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from starlette.types import ASGIApp, Receive, Scope, Send
from tests.support.sending import HandClock

from campaigns.channels.line.carrier import LineCarrier
from campaigns.channels.simulator.http import WhatsAppSimulator, serving
from campaigns.channels.whatsapp.carrier import Account, WhatsAppCarrier
from campaigns.channels.wire import Endpoint
from campaigns.model.delivery import Accepted, Quota, Reason, Refused, SendOutcome, Unknown
from campaigns.model.message import Message, Template
from campaigns.model.ports import Carrier
from campaigns.model.template import KnownTemplate, TemplateCategory, TemplateStatus

DAILY = Quota(limit=1000, window_s=86_400)
PER_REQUEST = Quota(limit=500, window_s=0)
BODY = (
    "Hi {{greeting}}, your music service for {{zones}} expires on {{expiry}}. "
    "Reply YES to renew, CALL to talk.\n\nReply STOP to opt out."
)
VALUES = {"greeting": "Khun Nida", "zones": "the Lobby & the Pool Bar", "expiry": "31 October 2025"}
BUTTONS = ("Yes", "Please call me", "Stop promotions")
RENEWAL = Template(name="renewal_formal_a_1f2e3d4c", language="en", parameters=VALUES, body=BODY)


@dataclass
class HandDesk:
    """A desk that knows what it was told."""

    templates: dict[tuple[str, str], KnownTemplate] = field(default_factory=dict)
    heard: dict[str, datetime] = field(default_factory=dict)
    refused: list[tuple[str, Reason, bool]] = field(default_factory=list)

    def template(self, name: str, language: str) -> KnownTemplate | None:
        return self.templates.get((name, language))

    def heard_at(self, address: str) -> datetime | None:
        return self.heard.get(address)

    def template_refused(self, template: Template, reason: Reason, *, ours: bool) -> None:
        self.refused.append((template.name, reason, ours))

    def knows(self, template: Template = RENEWAL, **changes: object) -> None:
        known = KnownTemplate(
            name=template.name,
            language=template.language,
            status=TemplateStatus.APPROVED,
            category=TemplateCategory.MARKETING,
            submitted_as=TemplateCategory.MARKETING,
            body=template.body,
            buttons=BUTTONS,
        )
        self.templates[template.name, template.language] = replace(known, **changes)


def approved_desk() -> HandDesk:
    desk = HandDesk()
    desk.knows()
    return desk


@dataclass
class Switchboard:
    """One server for many tests: each plugs its own simulator in."""

    url: str = ""
    app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None, "no simulator is plugged in"
        await self.app(scope, receive, send)


@contextmanager
def switchboard() -> Iterator[Switchboard]:
    """Serve a switchboard."""
    board = Switchboard()
    with serving(board) as board.url:
        yield board


def meta(clock: HandClock) -> WhatsAppSimulator:
    """Return Meta with the renewal template approved."""
    simulator = WhatsAppSimulator(clock.now)
    simulator.register(RENEWAL.name, RENEWAL.language, BODY, BUTTONS)
    return simulator


def whatsapp_carrier(url: str, clock: HandClock, desk: HandDesk, **more: object) -> WhatsAppCarrier:
    endpoint = Endpoint(**{"base_url": f"{url}/v23.0", "token": "simulated-token"} | more)
    return WhatsAppCarrier(
        Account(endpoint=endpoint, phone_number_id="106540352242922"),
        DAILY,
        clock,
        desk,
        dress=lambda text, rendered, facts: (None, None),
        problem=lambda message: None,
    )


def line_carrier(url: str, **more: object) -> LineCarrier:
    return LineCarrier(
        Endpoint(**{"base_url": url, "token": "simulated-line-token"} | more),
        PER_REQUEST,
        dress=lambda text, rendered, facts: (None, None),
        problem=lambda message: None,
    )


def send(
    carrier: Carrier, *messages: Message, may_leave: Callable[[Message], bool] = lambda m: True
) -> list[SendOutcome | None]:
    """Send one after the other on one loop, then close; hold the carrier to the port's promise."""
    asked: list[str] = []

    async def run() -> list[SendOutcome | None]:
        outcomes = []
        for m in messages:

            def leaving(m: Message = m) -> bool:
                asked.append(m.id)
                return may_leave(m)

            outcomes.append(await carrier.send(m, leaving))
        await carrier.close()
        return outcomes

    outcomes = asyncio.run(run())
    for m, outcome in zip(messages, outcomes, strict=True):
        # An answer that may mean "it left" needs `leaving` first, and exactly once.
        if isinstance(outcome, Accepted | Unknown):
            assert asked.count(m.id) == 1
        assert asked.count(m.id) <= 1
    return outcomes


def refused(outcome: SendOutcome | None) -> Refused:
    assert isinstance(outcome, Refused), outcome
    return outcome


def accepted(outcome: SendOutcome | None) -> Accepted:
    assert isinstance(outcome, Accepted), outcome
    return outcome


def unknown(outcome: SendOutcome | None) -> Unknown:
    assert isinstance(outcome, Unknown), outcome
    return outcome


def all_accepted(outcomes: Sequence[SendOutcome | None]) -> bool:
    return all(isinstance(o, Accepted) for o in outcomes)
