"""Small values that browsers carry for us and cannot change: JSON with a signature."""

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any


def seal(purpose: str, value: object, secret: str) -> str:
    """Return a value as text that only we can make, good for one purpose."""
    held = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    payload = base64.urlsafe_b64encode(held.encode()).decode()
    return f"{payload}.{_signature(purpose, payload, secret)}"


def unseal(purpose: str, text: str, secret: str) -> Any:
    """Return what was sealed for this purpose; None for what is forged or broken.

    >>> unseal("a", seal("a", {"n": 1}, "s"), "s"), unseal("b", seal("a", 1, "s"), "s")
    ({'n': 1}, None)
    """
    payload, _, signature = text.partition(".")
    if not payload or not hmac.compare_digest(
        signature.encode(), _signature(purpose, payload, secret).encode()
    ):
        return None
    try:
        return json.loads(base64.urlsafe_b64decode(payload))
    except (ValueError, binascii.Error):
        return None


def _signature(purpose: str, payload: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"{purpose} {payload}".encode(), hashlib.sha256).hexdigest()
