"""One message as the body of POST /v2/bot/message/push, and the key that makes it safe to repeat.

Source: LINE Messaging API reference "Send push message" and "Retry failed API requests", read
2026-11-23.
"""

import json
import re
import tomllib
import uuid
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from campaigns.model.message import Message

# Ours alone; every key is made from it and a message id.
_NAMESPACE = uuid.UUID("8f0f3f7e-5f0a-5b63-9d27-0c1b6b2f7a41")
_BOUND = re.compile(r"m:([^|]{1,64})\|(.{1,200})", re.DOTALL)


def retry_key(message_id: str) -> str:
    """Return the retry key of a message: the same for every attempt to send it.

    LINE keeps a key it accepted for 24 hours and answers 409 to it. An edited message has a new
    approval but never left before, so a message needs one key in its life.
    """
    return str(uuid.uuid5(_NAMESPACE, message_id))


def push(message: Message) -> bytes:
    """Return the body of a push; the same bytes for the same message."""
    return json.dumps(
        {"to": message.address, "messages": [bubble(message)]},
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def bubble(message: Message) -> dict[str, object]:
    """Return the message object: its words, and quick replies bound to it."""
    words: dict[str, object] = {"type": "text", "text": message.text}
    items = [
        {
            "type": "action",
            "action": {
                "type": "postback",
                "label": label,
                "data": f"m:{message.id}|{key}",
                "displayText": label,
            },
        }
        for key, label in quick_replies(message.cohort.partition(".")[0], message.language)
    ]
    return words | {"quickReply": {"items": items}} if items else words


def unbound(data: str) -> tuple[str | None, str]:
    """Return the message that postback data names, None when it is not ours, and what it says."""
    found = _BOUND.fullmatch(data)
    return (found[1], found[2]) if found else (None, data)


def quick_replies(campaign_type: str, language: str) -> tuple[tuple[str, str], ...]:
    """Return (key, label) of the quick replies of a campaign type, none in other languages."""
    table = _table()
    if language not in table["labels"]:
        return ()
    words: Mapping[str, str] = table["labels"][language]
    return tuple((key, words.get(key, key)) for key in table["types"].get(campaign_type, ()))


@cache
def _table() -> Mapping[str, Any]:
    text = files("campaigns.channels.line").joinpath("quick_replies.toml").read_text("utf-8")
    return tomllib.loads(text)
