"""The engine that needs no key and no network: requests, texts and replies, one folder each."""

from campaigns.ai.embedded.replies.reader import EmbeddedReplyReader
from campaigns.ai.embedded.requests import EmbeddedInterpreter
from campaigns.ai.embedded.texts import (
    TextLibrary,
    Voices,
    house_offers,
    house_voices,
    next_occasion,
    public_holidays,
)

__all__ = [
    "EmbeddedInterpreter",
    "EmbeddedReplyReader",
    "TextLibrary",
    "Voices",
    "house_offers",
    "house_voices",
    "next_occasion",
    "public_holidays",
]
