"""Meta's Cloud API on this machine: one phone number, its templates, its people.

What its people do is told beforehand or meanwhile (`says`, `presses`, `prefers`); what becomes
of messages is told by webhooks (`whatsapp_news`).
"""

import itertools
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from campaigns.channels.simulator.http.faults import Faults, Trouble, suffer
from campaigns.channels.simulator.http.whatsapp_news import Credentials, Newsroom, People, Taken
from campaigns.channels.simulator.http.whatsapp_rules import (
    BodyComponent,
    ButtonComponent,
    Refusal,
    Registered,
    SendBody,
    check_template,
    hydrated,
    new_template,
    send_body,
)

WINDOW = timedelta(hours=24)
PAIR_EVERY_S, PAIR_BURST = 6.0, 45
EXPIRED = "Error validating access token: Session has expired"
NO_OBJECT = "Unsupported request. The object does not exist or cannot be loaded"
TOO_LATE = (
    "Message failed to send because more than 24 hours have passed since the customer last "
    "replied to this number."
)


class WhatsAppSimulator:
    """The whole account; `app` answers its HTTP, `herald` posts its webhooks."""

    def __init__(self, now: Callable[[], datetime], own: Credentials | None = None) -> None:
        self.own = own or Credentials()
        self.faults = Faults()
        self.people = People()
        self.templates: dict[tuple[str, str], Registered] = {}
        self.taken: list[Taken] = []
        self.limit = "TIER_2K"
        self.approves = True  # whether new templates are approved at once
        self.expired = False  # whether our access token has ended
        self.holds = False  # whether messages are held while their template is assessed
        self._now = now
        self._news = Newsroom(self.own, self.people, now)
        self.herald = self._news.herald
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self._pair: defaultdict[str, float] = defaultdict(float)
        base = f"/{self.own.version}"
        self.app = Starlette(
            routes=[
                Route(f"{base}/{{number}}/messages", self._send, methods=["POST"]),
                Route(f"{base}/{{account}}/message_templates", self._list, methods=["GET"]),
                Route(f"{base}/{{account}}/message_templates", self._create, methods=["POST"]),
                Route(f"{base}/{{number}}", self._number, methods=["GET"]),
            ],
            exception_handlers={Refusal: _answer},
        )

    # --- what people do --------------------------------------------------------------------------

    def says(self, number: str, text: str, *, quoting: str | None = None) -> str:
        """Have somebody write; return the message's id."""
        return self.sends(number, "text", {"body": text}, quoting=quoting)

    def sends(
        self, number: str, kind: str, content: Mapping[str, Any], *, quoting: str | None = None
    ) -> str:
        """Have somebody send anything: a picture, a reaction, a kind nobody knows."""
        with self._lock:
            message_id = f"wamid.in{next(self._numbers):018d}"
            self.people.wrote_at[number] = self._now()
        self._news.inbound(message_id, number, {"type": kind, kind: dict(content)}, quoting)
        return message_id

    def presses(self, taken: Taken, place: int) -> str:
        """Have a recipient press a quick reply of a template."""
        asked = taken.body.template
        if asked is None:
            raise ValueError("free words have no buttons")
        label = self.templates[asked.name, asked.language.code].buttons[place]
        payloads = {
            int(c.index): c.parameters[0].payload
            for c in asked.components
            if isinstance(c, ButtonComponent)
        }
        pressed = {"payload": payloads.get(place, label), "text": label}
        return self.sends(taken.to, "button", pressed, quoting=taken.id)

    def prefers(self, number: str, value: str) -> None:
        """Have somebody "stop" or "resume" marketing in WhatsApp itself."""
        if value == "stop":
            self.people.stopped_marketing.add(number)
        else:
            self.people.stopped_marketing.discard(number)
        self._news.preference(number, value)

    def leaves(self, number: str) -> None:
        """Have somebody delete WhatsApp: nothing is delivered to them any more."""
        self.people.not_on_whatsapp.add(number)

    # --- what Meta does --------------------------------------------------------------------------

    def register(
        self, name: str, language: str, body: str, buttons: Sequence[str] = ()
    ) -> Registered:
        """Have a template approved already."""
        with self._lock:
            made = Registered(
                id=str(1000 + next(self._numbers)),
                name=name,
                language=language,
                category="MARKETING",
                body=body,
                buttons=tuple(buttons),
            )
            self.templates[name, language] = made
        return made

    def moves(self, name: str, language: str, event: str, *, why: str = "") -> None:
        """Have Meta change a template's status: "PAUSED", "APPROVED", "REJECTED"."""
        known = self.templates[name, language]
        known.status = event
        about: dict[str, Any] = {"event": event, "reason": "NONE"}
        if why:
            about["other_info"] = {"title": "FIRST_PAUSE", "description": why}
        self._news.template("message_template_status_update", known, about)

    def recategorises(self, name: str, language: str, category: str) -> None:
        """Have Meta put a template into another category."""
        known = self.templates[name, language]
        about = {"previous_category": known.category, "new_category": category}
        known.category = category
        self._news.template("template_category_update", known, about)

    def limits(self, tier: str) -> None:
        """Have Meta change how many people the portfolio may write to."""
        self.limit = tier
        self.herald.tell(
            "business_capability_update", {"max_daily_conversations_per_business": tier}
        )

    def expires(self, *, expired: bool = True) -> None:
        """Have our access token end, or be good again."""
        self.expired = expired

    def fails(self, taken: Taken, code: int, details: str) -> None:
        """Have Meta give a message up after all."""
        self._news.status(taken, "failed", code=code, details=details)

    # --- HTTP --------------------------------------------------------------------------------------

    async def _send(self, request: Request) -> Response:
        raw = await request.body()
        return await suffer(
            self.faults.next(),
            request,
            self.faults,
            take=lambda: self._take(request, raw),
            refuse=_troubled,
        )

    def _take(self, request: Request, raw: bytes) -> Response:
        self._authorised(request)
        self._own_number(request)
        body = send_body(raw)
        with self._lock:
            digits = self._digits(body)
            self._check_pair(digits)
            taken = Taken(
                id=f"wamid.{next(self._numbers):020d}",
                to=digits,
                text=self._content(body, digits),
                body=body,
            )
            self.taken.append(taken)
        self._news.progress(taken)
        status = "held_for_quality_assessment" if self.holds else "accepted"
        return JSONResponse(
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": body.to or body.recipient, "wa_id": digits}],
                "messages": [{"id": taken.id, "message_status": status}],
            }
        )

    def _content(self, body: SendBody, digits: str) -> str:
        """Return what the recipient will read; raise `Refusal` for what Meta does not take."""
        if body.text is not None:
            wrote_at = self.people.wrote_at.get(digits)
            if wrote_at is None or self._now() >= wrote_at + WINDOW:
                raise Refusal(400, 131047, TOO_LATE)
            return body.text.body
        if body.template is None:
            raise Refusal(400, 131008, "Required parameter is missing: template")
        known = self.templates.get((body.template.name, body.template.language.code))
        known = check_template(body.template, known)
        values = {
            p.parameter_name: p.text
            for c in body.template.components
            if isinstance(c, BodyComponent)
            for p in c.parameters
        }
        return hydrated(known.body, values)

    def _check_pair(self, digits: str) -> None:
        """One message in six seconds to one person, a burst borrowed from the future."""
        now = self._now().timestamp()
        free_at = max(self._pair[digits], now - PAIR_BURST * PAIR_EVERY_S) + PAIR_EVERY_S
        if free_at > now:
            raise Refusal(400, 131056, "Too many messages sent to the same phone number")
        self._pair[digits] = free_at

    def _digits(self, body: SendBody) -> str:
        if body.to is None:
            return str(body.recipient)
        # A number without + is taken for a local one, and ours is put before it.
        return body.to[1:] if body.to.startswith("+") else self.own.country_code + body.to

    async def _list(self, request: Request) -> Response:
        self._authorised(request)
        limit = int(request.query_params.get("limit", "25"))
        first = int(request.query_params.get("after", "0"))
        with self._lock:
            shown = [t.listed for t in self.templates.values() if t.status != "DELETED"]
        page: dict[str, Any] = {"data": shown[first : first + limit], "paging": {}}
        if first + limit < len(shown):
            page["paging"] = {"cursors": {"after": str(first + limit)}, "next": str(request.url)}
        return JSONResponse(page)

    async def _create(self, request: Request) -> Response:
        raw = await request.body()
        self._authorised(request)
        asked, text, labels = new_template(raw)
        if (asked.name, asked.language) in self.templates:
            raise Refusal(400, 100, "Content in This Language Already Exists")
        made = self.register(asked.name, asked.language, text, labels)
        made.category = asked.category
        made.status = "APPROVED" if self.approves else "PENDING"
        return JSONResponse({"id": made.id, "status": made.status, "category": made.category})

    async def _number(self, request: Request) -> Response:
        self._authorised(request)
        self._own_number(request)
        return JSONResponse(
            {
                "id": self.own.phone_number_id,
                "display_phone_number": "+66 2 000 0000",
                "quality_rating": "GREEN",
                "whatsapp_business_manager_messaging_limit": self.limit,
            }
        )

    def _authorised(self, request: Request) -> None:
        right = request.headers.get("authorization") == f"Bearer {self.own.token}"
        if self.expired or not right:
            raise Refusal(401, 190, EXPIRED, is_transient=False)

    def _own_number(self, request: Request) -> None:
        if request.path_params["number"] != self.own.phone_number_id:
            raise Refusal(400, 100, NO_OBJECT)


async def _answer(request: Request, refusal: Exception) -> Response:
    if not isinstance(refusal, Refusal):
        raise refusal
    return refusal.response


def _troubled(trouble: Trouble) -> Response:
    if trouble is Trouble.BUSY:
        return Refusal(429, 130429, "Rate limit hit").response
    return Refusal(500, 131000, "Something went wrong").response
