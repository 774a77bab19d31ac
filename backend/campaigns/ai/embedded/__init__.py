"""The engine that needs no key and no network."""

from campaigns.ai.embedded.replies.reader import EmbeddedReplyReader

__all__ = ["EmbeddedReplyReader"]
