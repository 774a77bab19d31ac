"""One message as the body of POST /{phone number id}/messages.

Source: Cloud API reference "Messages" and "Send message templates", read 2026-11-23.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from campaigns.model.message import Message, Template

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_BOUND = re.compile(r"m:([^|]{1,64})\|(.{1,60})", re.DOTALL)
_CALLBACK = re.compile(r"([^:]{1,64}):(\d{1,6})")
STOP = "STOP"


def is_number(address: str) -> bool:
    """Whether an address is a phone number with + and country code: Meta guesses for others."""
    return _E164.fullmatch(address) is not None


def text_request(message: Message) -> bytes:
    """Return the body that sends the message's words as they are; for an open window only."""
    return _encoded(message, "text", {"body": message.text, "preview_url": False})


def template_request(message: Message, template: Template, labels: Sequence[str]) -> bytes:
    """Return the body that sends a template; `labels` are its quick replies as approved."""
    components: list[dict[str, object]] = []
    if template.parameters:
        components.append({"type": "body", "parameters": _named(template.parameters)})
    components.extend(
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": str(place),
            "parameters": [{"type": "payload", "payload": bound(message.id, key_of(label))}],
        }
        for place, label in enumerate(labels)
    )
    content: dict[str, object] = {
        "name": template.name,
        "language": {"code": template.language},
    }
    if components:
        content["components"] = components
    return _encoded(message, "template", content)


def bound(message_id: str, key: str) -> str:
    """Return a payload that names the message a button stands under, and what it says."""
    return f"m:{message_id}|{key}"


def unbound(payload: str) -> tuple[str | None, str]:
    """Return the message a payload names, None when it is not ours, and what was pressed."""
    found = _BOUND.fullmatch(payload)
    return (found[1], found[2]) if found else (None, payload)


def message_in(callback: str) -> str | None:
    """Return the message that our callback data names, None when it is not ours."""
    found = _CALLBACK.fullmatch(callback)
    return found[1] if found else None


def labels_for(campaign_type: str, language: str) -> tuple[str, ...]:
    """Return the quick replies of our templates for a campaign type, none in other languages."""
    table = _buttons()
    words: Mapping[str, str] = table["labels"].get(language, {})
    return tuple(words[key] for key in table["types"].get(campaign_type, ()) if key in words)


def key_of(label: str) -> str:
    """Return the key a label stands for; a label that is not ours stands for itself."""
    if label.casefold().strip() in _buttons()["means_stop"]["labels"]:
        return STOP
    for words in _buttons()["labels"].values():
        for key, own in words.items():
            if own == label:
                return str(key)
    return label


def _named(parameters: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"type": "text", "parameter_name": name, "text": value}
        for name, value in parameters.items()
    ]


def _encoded(message: Message, kind: str, content: Mapping[str, object]) -> bytes:
    body = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": message.address,
        "type": kind,
        # Comes back with every status, also with one that overtakes the answer to this request.
        "biz_opaque_callback_data": f"{message.id}:{message.attempt}",
        kind: content,
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


@cache
def _buttons() -> Mapping[str, Any]:
    text = files("campaigns.channels.whatsapp").joinpath("buttons.toml").read_text("utf-8")
    return tomllib.loads(text)
