"""Requests without a clear answer, repeated where the provider recognises a repeated one: LINE."""

from datetime import timedelta

from campaigns.model.customer import Channel
from campaigns.model.ports import Clock, Dispatcher, Store
from campaigns.orchestrator.lookup import campaign_in

KEY_LIFE = timedelta(hours=23)  # LINE keeps a retry key for 24


class Repeater:
    """Repeats LINE requests without a clear answer, for as long as LINE recognises them."""

    def __init__(self, store: Store, clock: Clock, dispatcher: Dispatcher) -> None:
        self._store = store
        self._clock = clock
        self._dispatcher = dispatcher

    def repeat(self) -> int:
        """Queue what is in doubt and may be repeated; return of how many campaigns."""
        now = self._clock.now()
        with self._store.begin() as tx:
            campaigns = tx.outbox.repeat(Channel.LINE, now - KEY_LIFE, now)
            for campaign_id in campaigns:
                campaign = campaign_in(tx, campaign_id)
                self._dispatcher.start(tx, campaign, [Channel.LINE], now)
                self._dispatcher.start(tx, campaign, [Channel.LINE], now, tests=True)
        return len(campaigns)
