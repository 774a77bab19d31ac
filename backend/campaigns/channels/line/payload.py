"""One message as the body of POST /v2/bot/message/push, or several alike as that of …/multicast.

And the keys that make either safe to repeat. Source: LINE Messaging API reference "Send push
message", "Send multicast message" and "Retry failed API requests", read 2026-11-23.
"""

import hashlib
import json
import re
import tomllib
import uuid
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from campaigns.channels.line.card import card, fits
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import Message

# Ours alone; every key is made from it and a message id.
_NAMESPACE = uuid.UUID("8f0f3f7e-5f0a-5b63-9d27-0c1b6b2f7a41")
MOST_BUBBLES = 5  # messages in one request
# What a press is bound to: a message, or for one text to many a campaign.
_BOUND = re.compile(r"([mc]):([^|]{1,64})\|(.{1,200})", re.DOTALL)


def retry_key(message_id: str) -> str:
    """Return the retry key of a message or of a batch: the same for every attempt to send it.

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


def multicast(messages: Sequence[Message]) -> bytes:
    """Return the body for alike messages; the same bytes for the same messages in this order."""
    return json.dumps(
        {"to": [m.address for m in messages], "messages": [shared_bubble(messages[0])]},
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def alike(message: Message) -> str:
    """Return a key that is equal for messages with the same shared bubble."""
    return hashlib.sha256(json.dumps(shared_bubble(message)).encode()).hexdigest()


def shared_bubble(message: Message) -> dict[str, object]:
    """Return the message object for many: what is pressed names the campaign, not the message."""
    campaign_type = message.cohort.partition(".")[0]
    return _bubble(f"c:{message.campaign_id}", message.text, campaign_type, message.language)


def validation(message: Message) -> bytes:
    """Return the body that asks LINE whether it would take a message."""
    return json.dumps({"messages": [bubble(message)]}, ensure_ascii=False).encode()


def bubble(message: Message) -> dict[str, object]:
    """Return the message object: its words, and answers to press that are bound to it."""
    campaign_type = message.cohort.partition(".")[0]
    return _bubble(f"m:{message.id}", message.text, campaign_type, message.language)


def _bubble(bound_to: str, text: str, campaign_type: str, language: str) -> dict[str, object]:
    """Return a card where words and answers make one, else text with quick replies."""
    actions = [
        {
            "type": "postback",
            "label": label,
            "data": f"{bound_to}|{key}",
            "displayText": label,
        }
        for key, label in quick_replies(campaign_type, language)
    ]
    if fits(text, actions):
        return card(text, actions)
    words: dict[str, object] = {"type": "text", "text": text}
    items = [{"type": "action", "action": action} for action in actions]
    return words | {"quickReply": {"items": items}} if items else words


def sample() -> bytes:
    """Return messages in our form, one of each campaign type and language, for LINE to judge."""
    table = _table()
    kinds = [(kind, language) for kind in table["types"] for language in table["labels"]]
    bubbles = [_bubble("m:m_sample", "Hello", *kind) for kind in kinds]
    return json.dumps({"messages": bubbles[:MOST_BUBBLES]}, ensure_ascii=False).encode()


def unbound(data: str) -> tuple[MessageId | None, CampaignId | None, str]:
    """Return the message or campaign that postback data names, if it is ours, and what it says."""
    found = _BOUND.fullmatch(data)
    if found is None:
        return None, None, data
    kind, named, says = found.groups()
    return (MessageId(named), None, says) if kind == "m" else (None, CampaignId(named), says)


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
