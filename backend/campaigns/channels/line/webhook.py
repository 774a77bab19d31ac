"""What LINE tells by itself: who follows, who left, what people write and press.

Source: LINE Messaging API reference "Webhook Event Objects", read 2026-11-23.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ValidationError

from campaigns.channels.line.payload import unbound
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, EventType
from campaigns.model.webhook import AccountNews, Told

# What happens in groups, on rich menus and to modules concerns no customer's conversation.
# An unsend takes words back that were read already; LINE asks not to use them further.
NOT_OURS = frozenset(
    {
        "accountLink",
        "activated",
        "beacon",
        "deactivated",
        "delivery",
        "join",
        "leave",
        "memberJoined",
        "memberLeft",
        "membership",
        "module",
        "unsend",
        "videoPlayComplete",
    }
)


def _milliseconds(value: object) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("no time in milliseconds")  # noqa: TRY004 - pydantic reports ValueError
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise ValueError("no time in milliseconds") from error


class _Source(BaseModel):
    type: str = ""
    userId: str | None = None  # noqa: N815 - LINE's own names, here and below


class _Content(BaseModel):
    type: str
    text: str = ""
    quotedMessageId: str | None = None  # noqa: N815
    keywords: list[str] = []
    fileName: str = ""  # noqa: N815
    title: str = ""


class _Postback(BaseModel):
    data: str


class _Event(BaseModel):
    type: str
    mode: str
    webhookEventId: str  # noqa: N815
    timestamp: Annotated[datetime, BeforeValidator(_milliseconds)]
    source: _Source = _Source()
    message: _Content | None = None
    postback: _Postback | None = None


class LineWebhook:
    """`model.ports.Webhook` for LINE."""

    def __init__(self, channel_secret: str) -> None:
        self._secret = channel_secret.encode()

    def verifies(self, body: bytes, signature: str) -> bool:
        """Whether `signature` (base64) is LINE's for exactly these bytes."""
        expected = base64.b64encode(hmac.digest(self._secret, body, hashlib.sha256))
        return hmac.compare_digest(expected, signature.encode())

    def read(self, body: bytes, received_at: datetime) -> Told:
        """Read a verified body; LINE sends one without events to see whether we are there."""
        try:
            parsed = json.loads(body)
        except ValueError as error:
            return Told(faults=(f"the body is no JSON: {error}",))
        events = parsed.get("events") if isinstance(parsed, dict) else None
        if not isinstance(events, list):
            return Told(faults=("events: not a list",))
        news: list[DeliveryEvent | AccountNews] = []
        faults = []
        for i, item in enumerate(events):
            try:
                news.extend(list(_read(_Event.model_validate(item))))
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(str(part) for part in first["loc"])
                faults.append(f"events[{i}].{place}: {first['msg']}")
            except ValueError as error:
                faults.append(f"events[{i}]: {error}")
        return Told(
            events=tuple(n for n in news if isinstance(n, DeliveryEvent)),
            account=tuple(n for n in news if isinstance(n, AccountNews)),
            faults=tuple(faults),
        )


def _read(event: _Event) -> Iterator[DeliveryEvent | AccountNews]:
    # In standby another channel answers the user, and the event is a copy for information.
    if event.mode == "standby" or event.type in NOT_OURS:
        return
    if event.type in ("botSuspended", "botResumed"):
        yield _suspended(event)
        return
    if event.source.type != "user":
        return
    yield _from_person(event, _base(event))


def _base(event: _Event) -> DeliveryEvent:
    if not event.source.userId:
        raise ValueError("the event names no user")
    return DeliveryEvent(
        channel=Channel.LINE,
        type=EventType.REPLIED,
        dedupe_key=event.webhookEventId,
        occurred_at=event.timestamp,
        address=event.source.userId,
    )


def _from_person(event: _Event, base: DeliveryEvent) -> DeliveryEvent:
    match event.type:
        case "follow":
            return replace(base, type=EventType.FOLLOWED)
        case "unfollow":
            return replace(base, type=EventType.UNFOLLOWED)
        case "message" if event.message is not None:
            quoted = event.message.quotedMessageId
            return replace(base, text=_words(event.message), provider_id=quoted)
        case "postback" if event.postback is not None:
            message_id, campaign_id, key = unbound(event.postback.data)
            return replace(base, text=key, message_id=message_id, campaign_id=campaign_id)
        case _:
            raise ValueError(f"the event type {event.type!r} is not one we know")


def _words(content: _Content) -> str:
    """Return the words, or what stands for a picture, a sticker, a place: a person looks."""
    if content.type == "text":
        return content.text
    told = content.fileName or content.title or ", ".join(content.keywords)
    return f"[{content.type}] {told}".strip()


def _suspended(event: _Event) -> AccountNews:
    if event.type == "botResumed":
        return AccountNews(at=event.timestamp, words="LINE lets the account send again")
    words = "LINE suspended the account"
    return AccountNews(at=event.timestamp, words=words, halts=f"{words}; ask LINE why")
