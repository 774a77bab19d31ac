"""What is old is removed, a small batch at a time; what a decision may need stays."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from campaigns.model.ports import Clock, Store
from campaigns.model.retention import Keeping, Kept

AT_ONCE = 500  # rows a transaction, so that nobody who sends waits for it
EVERY = timedelta(hours=24)


class Retention:
    """Removes what is old: the leader once a day, a person at any time."""

    def __init__(self, store: Store, clock: Clock, keeping: Keeping) -> None:
        self._store = store
        self._clock = clock
        self.keeping = keeping
        self._next_at: datetime | None = None

    def due(self) -> Mapping[Kept, int]:
        """Return how many rows of each kind are old enough, removing nothing."""
        with self._store.read() as tx:
            return {kind: tx.pruning.due(kind, before) for kind, before in self._limits()}

    def prune(self) -> Mapping[Kept, int]:
        """Remove everything that is old; return how many rows of each kind."""
        done: Counter[Kept] = Counter()
        while some := self._batch():
            done.update(some)
        return done

    def prune_some(self) -> Mapping[Kept, int]:
        """Remove one batch when it is time, then the next; a day's rest after the last."""
        now = self._clock.now()
        if self._next_at is not None and now < self._next_at:
            return {}
        removed = self._batch()
        if not removed:
            self._next_at = now + EVERY
        return removed

    def _batch(self) -> Mapping[Kept, int]:
        """Remove up to `AT_ONCE` rows of one kind; empty when nothing is old."""
        for kind, before in self._limits():
            with self._store.begin() as tx:
                removed = tx.pruning.prune(kind, before, AT_ONCE)
            if removed:
                return {kind: removed}
        return {}

    def _limits(self) -> Iterator[tuple[Kept, datetime]]:
        now = self._clock.now()
        for kind in Kept:
            before = self.keeping.before(kind, now)
            if before is not None:
                yield kind, before
