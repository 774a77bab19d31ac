"""Which of our mails an inbound one is about: by tokens only we can make.

A token is a message id and a short MAC. It stands in the Message-ID of what we send, and so in
In-Reply-To and References of what answers it, in the address answers go to, and in what a
bounce quotes of our mail.
"""

import hmac
import re
from collections.abc import Iterable

from campaigns.channels.email.mime import Letterhead, thread_token
from campaigns.model.ids import MessageId

_TOKEN = re.compile(r"\b([a-z]+_[0-9a-z_]+\.[0-9a-f]{8})(?=@|\b)")
_OWN_HEADER = re.compile(r"^X-Campaign-Message:[ \t]*(\S+)", re.MULTILINE | re.IGNORECASE)


def message_of(texts: Iterable[str], head: Letterhead) -> MessageId | None:
    """Return the message whose genuine token stands in one of the texts, the first found."""
    for text in texts:
        for token in _TOKEN.findall(text):
            message = MessageId(token.rpartition(".")[0])
            if any(hmac.compare_digest(thread_token(message, s), token) for s in head.secrets):
                return message
    return None


def quoted_message(text: str) -> MessageId | None:
    """Return the message named by our own header in a quoted mail: ids cannot be guessed."""
    found = _OWN_HEADER.search(text)
    return MessageId(found[1]) if found else None
