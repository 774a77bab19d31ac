"""Unsubscribe links: a token that names a message and is signed over it and its address.

The token holds no address, so that none gets into a log, and does not expire: a link in a
mail has to work for as long as the mail is kept (RFC 8058; Gmail and Yahoo ask for it).
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from campaigns.model.ids import MessageId

_PURPOSE = b"unsubscribe\x00"
_MAC_BYTES = 16


def token(secret: str, message_id: MessageId, address: str) -> str:
    """Return the token of a message's link; the same for the same message and address."""
    return f"{message_id}.{_mac(secret, message_id, address)}"


def message_of(token: str) -> MessageId | None:
    """Return the message a token names, None when it is no token; `is_genuine` proves it."""
    message_id, dot, mac = token.rpartition(".")
    return MessageId(message_id) if dot and message_id and mac else None


def is_genuine(secret: str, token: str, address: str) -> bool:
    """Whether we made this token for its message and this address; in constant time."""
    message_id, _, mac = token.rpartition(".")
    expected = _mac(secret, MessageId(message_id), address)
    return hmac.compare_digest(expected.encode(), mac.encode())


def link(public_url: str, token: str) -> str:
    """Return the address of the page that unsubscribes."""
    return f"{public_url}/u/{token}"


def _mac(secret: str, message_id: MessageId, address: str) -> str:
    signed = _PURPOSE + f"{message_id}\x00{address}".encode()
    digest = hmac.digest(secret.encode(), signed, hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:_MAC_BYTES]).decode().rstrip("=")


class Links:
    """Signed unsubscribe links of one house: `secret` signs them, `public_url` is where they lead.

    Links that one of the `former` secrets signed stay good.
    """

    def __init__(self, secret: str, public_url: str, former: Sequence[str] = ()) -> None:
        self._secret = secret
        self._former = tuple(former)
        self._public_url = public_url

    def url(self, message_id: MessageId, address: str) -> str:
        """Return the link for a message to an address."""
        return link(self._public_url, token(self._secret, message_id, address))

    def message_of(self, token: str) -> MessageId | None:
        """Return the message a link's token names; `is_genuine` proves it."""
        return message_of(token)

    def is_genuine(self, token: str, address: str) -> bool:
        """Whether we made this token for its message and this address."""
        return any(is_genuine(s, token, address) for s in (self._secret, *self._former))
