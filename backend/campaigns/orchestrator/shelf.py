"""The shelf: keeps the texts a model wrote, so that each is paid for once."""

import threading

from campaigns.model.ports import Clock, Store
from campaigns.model.text import CohortText


class Shelf:
    """`model.ports.Shelf` over the store. `turn` is held while the database is used."""

    def __init__(self, store: Store, clock: Clock, turn: threading.Lock) -> None:
        self._store = store
        self._clock = clock
        self._turn = turn

    def text(self, key: str) -> CohortText | None:
        """Return the text kept under `key`."""
        with self._turn, self._store.read() as tx:
            return tx.model_texts.get(key)

    def keep(self, key: str, text: CohortText) -> None:
        """Keep a text; one that is there already stays."""
        with self._turn, self._store.begin() as tx:
            tx.model_texts.put(key, text, self._clock.now())
