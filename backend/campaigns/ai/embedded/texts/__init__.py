"""The text library: hand-written texts in slot form, good enough to send as they are."""

from campaigns.ai.embedded.texts.calendar import next_occasion, public_holidays
from campaigns.ai.embedded.texts.instead import HouseLanguage
from campaigns.ai.embedded.texts.library import TextLibrary
from campaigns.ai.embedded.texts.rewrite import LibraryRewriter
from campaigns.ai.embedded.texts.voices import Voices, house_offers, house_voices

__all__ = [
    "HouseLanguage",
    "LibraryRewriter",
    "TextLibrary",
    "Voices",
    "house_offers",
    "house_voices",
    "next_occasion",
    "public_holidays",
]
