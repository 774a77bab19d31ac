"""Removing what is old."""

from datetime import datetime
from typing import Protocol

from campaigns.model.retention import Kept


class Pruning(Protocol):
    """What is old enough to be removed; what a decision may need never is."""

    def due(self, kind: Kept, before: datetime) -> int:
        """Return how many rows of a kind are older than `before`, removing nothing."""
        ...

    def prune(self, kind: Kept, before: datetime, most: int) -> int:
        """Remove up to `most` rows of a kind, or their words; return how many."""
        ...
