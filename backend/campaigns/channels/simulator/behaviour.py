"""What a simulated recipient does with a message: a pure function of their address.

The tables are `behaviour.toml` and `replies.toml`. The same message to the same address always
ends the same way, so that a demonstration can be repeated and a test can ask for what it wants.
"""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, EventType, Reason, ReasonClass
from campaigns.model.message import Message

REFUSED, FAILED, SILENT, LOST = "refused", "failed", "silent", "lost"
AUTO_REPLY_HEADERS = {"Auto-Submitted": "auto-replied"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A canned answer; `types` are the campaign types it fits, empty for any."""

    intent: str
    language: str
    text: str
    types: tuple[str, ...] = ()


def behaviour(message: Message) -> str:
    """Return "refused", "failed", "silent", "lost" or the intent of the answer.

    Nobody answers an answer: a talk with a simulated person ends with ours.
    """
    if message.answer is not None:
        asked = _asked(message)
        does = asked if asked in (REFUSED, FAILED, LOST) else SILENT
    else:
        does = _asked(message) or _by_chance(message)
    # LINE answers at once for an id it does not know, and tells nothing later.
    return REFUSED if does == FAILED and message.channel is Channel.LINE else does


def _by_chance(message: Message) -> str:
    shares: Mapping[str, int] = _table()["chance"].get(_type(message), _table()["chance"]["other"])
    drawn = chance(message.address, _type(message), "behaviour") * 100
    for name, percent in shares.items():
        if drawn < percent:
            return name
        drawn -= percent
    return SILENT


def failure(channel: Channel) -> Reason:
    """Return how this channel's provider tells that an address is dead."""
    told = _table()["failure"][channel.value]
    return Reason(kind=ReasonClass(told["kind"]), code=told["code"], detail=told["detail"])


def follows(line_id: str) -> bool:
    """Whether the owner of this LINE id follows the account (the profile look-up's answer)."""
    return not line_id.endswith(tuple(_table()["line"]["strangers"]))


def script(
    message: Message, provider_id: str, at: datetime, speed: float = 1.0
) -> list[tuple[datetime, DeliveryEvent]]:
    """Return the news that will come of an accepted message, each with when it is told.

    `speed` divides every delay. A part of the news is told twice, or out of order.
    """
    noise = _table()["noise"]
    due = []
    for after_s, event in _events(message, provider_id, at):
        drawn = chance(message.id, event.type.value, "noise") * 100
        late_s = after_s + (3.0 if drawn < noise["reordered_percent"] else 0.0)
        news = replace(event, occurred_at=at + timedelta(seconds=after_s / speed))
        due.append((at + timedelta(seconds=late_s / speed), news))
        if drawn > 100 - noise["twice_percent"]:
            due.append((at + timedelta(seconds=(late_s + 1.0) / speed), news))
    return sorted(due, key=lambda item: item[0])


def chance(*parts: str) -> float:
    """Return a number in [0, 1) that is always the same for these parts."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def _asked(message: Message) -> str | None:
    ask = _table()["ask"]
    if message.channel is Channel.EMAIL:
        local = message.address.rpartition("@")[0].lower()
        return next((name for word, name in ask["email"].items() if word in local), None)
    asked: str | None = ask["ending"].get(message.address[-2:])
    return asked


def _events(
    message: Message, provider_id: str, at: datetime
) -> Iterator[tuple[float, DeliveryEvent]]:
    """Yield the news in true order, each with how many seconds after acceptance it happens."""
    does = behaviour(message)
    if does == LOST:
        return
    base = DeliveryEvent(
        channel=message.channel,
        type=EventType.SENT,
        dedupe_key=provider_id,
        occurred_at=at,
        message_id=message.id,
        provider_id=provider_id,
        address=message.address,
    )
    if does == FAILED:
        kind = EventType.BOUNCED if message.channel is Channel.EMAIL else EventType.FAILED
        yield 1.0, _told(base, kind, reason=failure(message.channel))
        return
    yield from _progress(base, answers=does != SILENT)
    # A test message is a look at it, not a conversation.
    if does != SILENT and not message.is_test:
        yield _table()["reply"]["after_s"], _reply(base, message, does)


def _progress(base: DeliveryEvent, *, answers: bool) -> Iterator[tuple[float, DeliveryEvent]]:
    news = _table()["news"][base.channel.value]
    unread = chance(base.dedupe_key, "unread") * 100 < news["unread_percent"]
    for kind in (EventType.SENT, EventType.DELIVERED, EventType.READ):
        # Who answers has read, even with read receipts switched off.
        if kind.value in news and not (kind is EventType.READ and unread and not answers):
            yield news[kind.value], _told(base, kind)


def _reply(base: DeliveryEvent, message: Message, intent: str) -> DeliveryEvent:
    text = _answer(message, intent)
    automatic = intent == "out_of_office" and message.channel is Channel.EMAIL
    kind = EventType.AUTO_REPLIED if automatic else EventType.REPLIED
    event = _told(base, kind, text=text, headers=AUTO_REPLY_HEADERS if automatic else {})
    quoted = chance(message.id, "quoted") * 100 < _table()["reply"]["quoted_percent"]
    if quoted or message.channel is Channel.EMAIL:
        return replace(event, provider_id=None)
    # An answer that quotes nothing can be matched by its address only.
    return replace(event, message_id=None, provider_id=None)


def _answer(message: Message, intent: str) -> str:
    fitting = [
        a for a in answers() if a.intent == intent and (not a.types or _type(message) in a.types)
    ] or [a for a in answers() if a.intent == intent]
    own = [a for a in fitting if a.language == message.language] or fitting
    return own[int(chance(message.address, intent, "answer") * len(own))].text


def _told(base: DeliveryEvent, kind: EventType, **more: Any) -> DeliveryEvent:
    return replace(base, type=kind, dedupe_key=f"{base.dedupe_key}:{kind.value}", **more)


def _type(message: Message) -> str:
    return message.cohort.partition(".")[0]


@cache
def answers() -> tuple[Answer, ...]:
    """Return every canned answer."""
    table = tomllib.loads(_read("replies.toml"))
    return tuple(
        Answer(r["intent"], r["language"], r["text"], tuple(r.get("types", ())))
        for r in table["reply"]
    )


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(_read("behaviour.toml"))


def _read(name: str) -> str:
    return files("campaigns.channels.simulator").joinpath(name).read_text(encoding="utf-8")
