"""WhatsApp by Meta's Cloud API: approved templates, and free words inside an open window.

Meta has no idempotency key: whatever breaks once the request left leaves the message in doubt,
until a status arrives that carries our callback data.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import httpx2
from pydantic import BaseModel, ValidationError

from campaigns.channels.whatsapp import account, payload
from campaigns.channels.whatsapp.errors import judge, meaning
from campaigns.channels.wire import Endpoint, Wire
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
from campaigns.model.template import KnownTemplate
from campaigns.model.text import CohortText, Rendered

WINDOW = timedelta(hours=24)
MARGIN = timedelta(minutes=2)  # Meta's clock and ours, and the time a request takes
TEMPLATE_RECHECK_S = 900.0
CLOSED = "words of our own may be sent only within 24 hours of a message from them"
LIMIT_EVERY_S = 600.0
NOTES = {
    "held_for_quality_assessment": "held while Meta assesses the template; sent or dropped later",
    "paused": "paused by Meta while it assesses the template; sent or dropped later",
}

Dress = Callable[[CohortText, Rendered, Facts], tuple[str | None, Template | None]]
Problem = Callable[[Message], str | None]


class Desk(Protocol):
    """What the carrier asks of the house, right before a message would leave."""

    def template(self, name: str, language: str) -> KnownTemplate | None:
        """Return what Meta last told about a template."""
        ...

    def heard_at(self, address: str) -> datetime | None:
        """Return when the person at an address last wrote to us, None when never."""
        ...

    def template_refused(self, template: Template, reason: Reason, *, ours: bool) -> None:
        """Take note that Meta refuses a template: nothing more is to be sent with it for now.

        `ours` says that the text is to blame, and no approval of Meta's mends that.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where our phone number's API is: `endpoint.base_url` ends with the version ("/v23.0")."""

    endpoint: Endpoint
    phone_number_id: str


class _Recipient(BaseModel):
    input: str = ""
    wa_id: str = ""
    user_id: str = ""


class _Taken(BaseModel):
    id: str
    message_status: str = "accepted"


class _Success(BaseModel):
    contacts: list[_Recipient] = []
    messages: list[_Taken]


class WhatsAppCarrier:
    """`model.ports.Carrier` for WhatsApp."""

    channel = Channel.WHATSAPP
    simulated = False
    ready = None

    def __init__(
        self,
        own: Account,
        quota: Quota,
        clock: Clock,
        desk: Desk,
        *,
        dress: Dress,
        problem: Problem,
    ) -> None:
        self._account = own
        self._own_quota = quota
        self._clock = clock
        self._desk = desk
        self._dress = dress
        self._problem = problem
        self._wire = Wire(own.endpoint)
        self._limit: int | None = None
        self._limit_read_at: float | None = None

    @property
    def quota(self) -> Quota:
        """Our own cap or the portfolio's messaging limit, whichever is lower."""
        if self._limit is None:
            return self._own_quota
        limit = min(self._own_quota.limit, self._limit)
        return Quota(limit=limit, window_s=self._own_quota.window_s)

    def dress(
        self, text: CohortText, rendered: Rendered, facts: Facts
    ) -> tuple[str | None, Template | None]:
        """Return the template a rendered text is sent as."""
        return self._dress(text, rendered, facts)

    def problem(self, message: Message) -> str | None:
        """Return why Meta would refuse this message's form, or None."""
        return self._problem(message)

    def limit_to(self, limit: int) -> None:
        """Take over the portfolio's messaging limit as Meta told it."""
        self._limit = limit

    async def prepare(self) -> None:
        """Ask for the portfolio's limit, now and then; without an answer the last one holds."""
        now = asyncio.get_running_loop().time()
        if self._limit_read_at is not None and now - self._limit_read_at < LIMIT_EVERY_S:
            return
        self._limit_read_at = now
        path = f"/{self._account.phone_number_id}?fields={account.FIELDS}"
        answer = await self._wire.exchange(self._wire.request("GET", path))
        if isinstance(answer, httpx2.Response) and answer.status_code == 200:
            number = account.phone_number_in(answer.content)
            if number is not None and number.limit is not None:
                self._limit = number.limit

    async def send(self, message: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        """Send one message; `Unknown` whenever the request left and no clear answer came."""
        body = self._body(message)
        if isinstance(body, Refused):
            return body
        path = f"/{self._account.phone_number_id}/messages"
        request = self._wire.request("POST", path, body=body)
        if not leaving():
            return None
        answer = await self._wire.exchange(request)
        if not isinstance(answer, httpx2.Response):
            return answer
        if answer.status_code == 200:
            return _taken(answer.content)
        outcome = judge(answer.status_code, answer.content, message.attempt)
        self._hold_template(message, outcome)
        return outcome

    async def probe(self) -> str | None:
        """Read our phone number with this token; nothing is sent."""
        return await account.probe(self._account.endpoint, self._account.phone_number_id)

    async def close(self) -> None:
        """Give the connections back."""
        await self._wire.close()

    # --- before it leaves ------------------------------------------------------------------------

    def _body(self, message: Message) -> bytes | Refused:
        """Return the request's body, or why this message may not be asked for at all.

        Where the template cannot be used, the words may go as they are inside an open window.
        """
        if not payload.is_number(message.address):
            return _unfit(ReasonClass.CONTENT, "the address is no number with + and country code")
        template = message.template
        known = self._desk.template(template.name, template.language) if template else None
        if template is not None and known is not None and known.trouble is None:
            if account.gets_no(known.category, message.address):
                return _unfit(ReasonClass.POLICY, "Meta delivers no marketing to numbers there")
            return payload.template_request(message, template, known.buttons)
        if self._window_is_open(message.address):
            return payload.text_request(message)
        if template is None:
            return _unfit(ReasonClass.CONTENT, CLOSED, code="131047")
        trouble = known.trouble if known else None
        detail = trouble or f"template {template.name} ({template.language}) is not known at Meta"
        return replace(_unfit(ReasonClass.TEMPLATE, detail), retry_after_s=TEMPLATE_RECHECK_S)

    def _window_is_open(self, address: str) -> bool:
        heard_at = self._desk.heard_at(address)
        return heard_at is not None and self._clock.now() < heard_at + WINDOW - MARGIN

    def _hold_template(self, message: Message, outcome: Refused | Unknown) -> None:
        code = outcome.reason.code
        if message.template is None or isinstance(outcome, Unknown) or not code.isdecimal():
            return
        what = meaning(int(code)).template
        if what:
            self._desk.template_refused(message.template, outcome.reason, ours=what == "stop")


def _unfit(kind: ReasonClass, detail: str, code: str = "") -> Refused:
    return Refused(reason=Reason(kind=kind, code=code, detail=detail))


def _taken(body: bytes) -> Accepted | Unknown:
    """Read a 200; without a message id nobody knows what became of the message."""
    try:
        success = _Success.model_validate_json(body)
    except ValidationError:
        success = None
    if success is None or not success.messages:
        detail = "Meta answered 200 without a message id"
        return Unknown(reason=Reason(kind=ReasonClass.UNKNOWN, code="200", detail=detail))
    taken = success.messages[0]
    ids = [i for r in success.contacts for i in (r.wa_id, r.user_id) if i]
    return Accepted(
        provider_id=taken.id,
        note=NOTES.get(taken.message_status, ""),
        known_as=tuple(i for i in ids if f"+{i}" not in {r.input for r in success.contacts}),
    )
