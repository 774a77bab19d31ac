"""LINE's Messaging API on this machine: one channel, its followers, its retry keys.

What its people do is told beforehand or meanwhile (`follows`, `says`, `presses`); they are heard
by webhooks. Of messages themselves LINE tells nothing: neither does this.
"""

import base64
import hashlib
import hmac
import itertools
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from campaigns.channels.simulator.http.faults import Faults, Trouble, suffer
from campaigns.channels.simulator.http.herald import Herald, Update
from campaigns.channels.simulator.http.line_rules import (
    Multicast,
    Push,
    Refusal,
    Text,
    Validate,
    postbacks,
    read,
    retry_key,
)

KEY_LIFE = timedelta(hours=24)
MONTHLY_LIMIT = "You have reached your monthly limit."
ULID = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BOT = "U" + "b0" * 16


@dataclass(slots=True, kw_only=True)
class Credentials:
    """What a channel is made of."""

    token: str = "simulated-line-token"  # noqa: S105 - of a simulated channel
    channel_secret: str = "simulated-line-secret"  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What the simulator took for one person; `delivered` is False for who blocks the account.

    `id` is empty for a multicast, of which LINE gives none.
    """

    id: str
    to: str
    text: str
    body: Push | Multicast
    delivered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A retry key that was used."""

    digest: str
    answer: dict[str, Any]
    request_id: str
    at: datetime


class LineSimulator:
    """The whole channel; `app` answers its HTTP, `herald` posts its webhooks."""

    def __init__(self, now: Callable[[], datetime], own: Credentials | None = None) -> None:
        self.own = own or Credentials()
        self.faults = Faults()
        self.known: set[str] = set()  # users of this provider
        self.blocking: set[str] = set()
        self.pushed: list[Pushed] = []
        self.expired = False  # whether our token has ended
        self.quota: int | None = None  # messages a month, None for no limit
        self.reserved = 0  # of the quota, by a broadcast under way
        self.changed_requests: list[str] = []  # retry keys that came back with other bytes
        self.herald = Herald(self._packed, self._signed, redelivers=False)
        self._now = now
        self._keys: dict[str, _Kept] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self.app = Starlette(
            routes=[
                Route("/v2/bot/message/push", self._push, methods=["POST"]),
                Route("/v2/bot/message/multicast", self._multicast, methods=["POST"]),
                Route("/v2/bot/message/validate/push", self._validate, methods=["POST"]),
                Route("/v2/bot/message/quota", self._quota, methods=["GET"]),
                Route("/v2/bot/message/quota/consumption", self._consumption, methods=["GET"]),
                Route("/v2/bot/info", self._info, methods=["GET"]),
                Route("/v2/bot/profile/{user}", self._profile, methods=["GET"]),
            ],
            exception_handlers={Refusal: _answer},
        )

    @property
    def used(self) -> int:
        """How many messages count this month: one a recipient, none for who blocks us."""
        return sum(p.delivered for p in self.pushed)

    # --- what people do --------------------------------------------------------------------------

    def follows(self, user: str, *, again: bool = False) -> None:
        """Have somebody add the account; `again` unblocks it."""
        self.known.add(user)
        self.blocking.discard(user)
        self._event("follow", user, {"follow": {"isUnblocked": again}, "replyToken": "r" * 32})

    def unfollows(self, user: str) -> None:
        """Have somebody block the account."""
        self.blocking.add(user)
        self._event("unfollow", user, {})

    def says(self, user: str, text: str, *, quoting: str | None = None) -> None:
        """Have somebody write."""
        words: dict[str, Any] = {"type": "text", "text": text, "quoteToken": "q" * 32}
        if quoting is not None:
            words["quotedMessageId"] = quoting
        self.sends(user, words)

    def sends(self, user: str, content: Mapping[str, Any]) -> None:
        """Have somebody send anything: a sticker, a picture."""
        message = {"id": str(next(self._numbers)), **content}
        self._event("message", user, {"message": message, "replyToken": "r" * 32})

    def presses(self, pushed: Pushed, place: int) -> None:
        """Have a recipient press a button or a quick reply."""
        found = postbacks(pushed.body.messages[0])
        if not found:
            raise ValueError("this message has nothing to press")
        data = found[place].data
        self._event("postback", pushed.to, {"postback": {"data": data}, "replyToken": "r" * 32})

    # --- what LINE does --------------------------------------------------------------------------

    def expires(self, *, expired: bool = True) -> None:
        """Have our channel access token end, or be good again."""
        self.expired = expired

    def allows(self, messages: int | None = None) -> None:
        """Have the plan allow so many messages a month, None for no limit."""
        self.quota = messages

    # --- HTTP --------------------------------------------------------------------------------------

    async def _push(self, request: Request) -> Response:
        return await self._message(request, Push)

    async def _multicast(self, request: Request) -> Response:
        return await self._message(request, Multicast)

    async def _message(self, request: Request, kind: type[Push | Multicast]) -> Response:
        raw = await request.body()
        request_id = f"req-{next(self._numbers):08d}"
        try:
            answer = await suffer(
                self.faults.next(),
                request,
                self.faults,
                take=lambda: self._take(request, kind, raw, request_id),
                refuse=_troubled,
            )
        except Refusal as refusal:
            answer = refusal.response
        answer.headers["x-line-request-id"] = request_id
        return answer

    def _take(
        self, request: Request, kind: type[Push | Multicast], raw: bytes, request_id: str
    ) -> Response:
        self._authorised(request)
        key = retry_key(request.headers.get("x-line-retry-key"))
        asked: Push | Multicast = read(kind, raw)
        digest = hashlib.sha256(raw).hexdigest()
        with self._lock:
            kept = self._keys.get(key or "")
            if kept is not None and self._now() < kept.at + KEY_LIFE:
                return self._repeated(key or "", kept, digest)
            answer = self._sent(asked)
            if key is not None:
                self._keys[key] = _Kept(
                    digest=digest, answer=answer, request_id=request_id, at=self._now()
                )
        return JSONResponse(answer)

    def _repeated(self, key: str, kept: _Kept, digest: str) -> Response:
        if digest != kept.digest:
            self.changed_requests.append(key)
        return JSONResponse(
            {"message": "The retry key is already accepted", **kept.answer},
            409,
            headers={"x-line-accepted-request-id": kept.request_id},
        )

    def _sent(self, asked: Push | Multicast) -> dict[str, Any]:
        users = [asked.to] if isinstance(asked, Push) else asked.to
        if not self.known.issuperset(users):
            raise Refusal(400, "Failed to send messages")
        if self.quota is not None and self.used + self.reserved + len(users) > self.quota:
            raise Refusal(429, MONTHLY_LIMIT)
        bubble = asked.messages[0]
        for user in users:
            number = str(460000000000000000 + next(self._numbers))
            pushed = Pushed(
                id=number if isinstance(asked, Push) else "",
                to=user,
                text=bubble.text if isinstance(bubble, Text) else bubble.altText,
                body=asked,
                delivered=user not in self.blocking,
            )
            self.pushed.append(pushed)
        if isinstance(asked, Multicast):
            return {}
        return {"sentMessages": [{"id": self.pushed[-1].id, "quoteToken": "q" * 32}]}

    async def _validate(self, request: Request) -> Response:
        raw = await request.body()
        self._authorised(request)
        read(Validate, raw)
        return JSONResponse({})

    async def _quota(self, request: Request) -> Response:
        self._authorised(request)
        limited = {"type": "limited", "value": self.quota}
        return JSONResponse({"type": "none"} if self.quota is None else limited)

    async def _consumption(self, request: Request) -> Response:
        self._authorised(request)
        return JSONResponse({"totalUsage": self.used})

    async def _info(self, request: Request) -> Response:
        self._authorised(request)
        return JSONResponse(
            {
                "userId": BOT,
                "basicId": "@000simulated",
                "displayName": "Simulated account",
                "chatMode": "bot",
                "markAsReadMode": "auto",
            }
        )

    async def _profile(self, request: Request) -> Response:
        self._authorised(request)
        user = request.path_params["user"]
        if user not in self.known or user in self.blocking:
            raise Refusal(404, "Not found")
        return JSONResponse({"userId": user, "displayName": "Somebody"})

    def _authorised(self, request: Request) -> None:
        right = request.headers.get("authorization") == f"Bearer {self.own.token}"
        if self.expired or not right:
            raise Refusal(
                401,
                "Authentication failed. Confirm that the access token in the authorization "
                "header is valid.",
            )

    # --- webhooks ----------------------------------------------------------------------------------

    def _event(self, kind: str, user: str, more: Mapping[str, Any]) -> None:
        item = {
            "type": kind,
            "mode": "active",
            "timestamp": int(self._now().timestamp() * 1000),
            "source": {"type": "user", "userId": user},
            "webhookEventId": self._ulid(),
            "deliveryContext": {"isRedelivery": False},
            **more,
        }
        self.herald.tell("events", item)

    def _ulid(self) -> str:
        number, text = next(self._numbers), ""
        for _ in range(26):
            number, digit = divmod(number, 32)
            text = ULID[digit] + text
        return text

    def _packed(self, batch: Sequence[Update]) -> bytes:
        events = [{**u.item, "deliveryContext": {"isRedelivery": u.tries > 0}} for u in batch]
        return json.dumps({"destination": BOT, "events": events}).encode()

    def _signed(self, body: bytes) -> Mapping[str, str]:
        digest = hmac.digest(self.own.channel_secret.encode(), body, hashlib.sha256)
        return {"x-line-signature": base64.b64encode(digest).decode()}


async def _answer(request: Request, refusal: Exception) -> Response:
    if not isinstance(refusal, Refusal):
        raise refusal
    return refusal.response


def _troubled(trouble: Trouble) -> Response:
    if trouble is Trouble.BUSY:
        return Refusal(429, "Too Many Requests").response
    return Refusal(500, "Internal Server Error").response
