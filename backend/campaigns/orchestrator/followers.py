"""LINE ids in the customer book: written to only once LINE says that they follow us."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from campaigns.model.consent import Consent
from campaigns.model.customer import Channel
from campaigns.model.ports import Clock, Store
from campaigns.orchestrator.customers import CustomerBook

LOOK_AGAIN = timedelta(hours=24)  # a follow in between tells by itself
MOST_AT_ONCE = 200

LookUp = Callable[[Collection[str]], Iterable[str]]


class Followers:
    """Looks up the profiles of LINE ids in the book that no follow event told of."""

    def __init__(self, store: Store, clock: Clock, book: CustomerBook, look_up: LookUp) -> None:
        self._store = store
        self._clock = clock
        self._book = book
        self._look_up = look_up
        self._looked: dict[str, datetime] = {}

    def verify(self) -> int:
        """Ask LINE about ids not asked about lately; return how many follow."""
        now = self._clock.now()
        self._book.refresh()
        asked = {i for i, at in self._looked.items() if now - at < LOOK_AGAIN}
        with self._store.read() as tx:
            keys = {(Channel.LINE, i) for i in tx.customers.addresses(Channel.LINE) - asked}
            told = tx.consents.consented(keys) | set(tx.consents.suppressed(keys))
        unknown = sorted(i for _, i in keys - told)[:MOST_AT_ONCE]
        if not unknown:
            return 0
        found = sorted(self._look_up(unknown))
        self._looked |= dict.fromkeys(unknown, now)
        with self._store.begin() as tx:
            for user_id in found:
                tx.consents.consent(
                    Consent(
                        channel=Channel.LINE,
                        address=user_id,
                        source="profile look-up",
                        evidence="LINE shows us their profile",
                        at=now,
                    )
                )
        return len(found)
