"""The engine that needs no key and no network."""

from campaigns.ai.embedded.requests import EmbeddedInterpreter

__all__ = ["EmbeddedInterpreter"]
