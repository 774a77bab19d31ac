"""The text library: hand-written texts in slot form, good enough to send as they are."""

from campaigns.ai.embedded.texts.library import TextLibrary
from campaigns.ai.embedded.texts.rewrite import LibraryRewriter
from campaigns.ai.embedded.texts.voices import house_offers, house_tones, house_voices

__all__ = ["LibraryRewriter", "TextLibrary", "house_offers", "house_tones", "house_voices"]
