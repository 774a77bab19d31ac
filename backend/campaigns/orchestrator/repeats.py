"""Requests without a clear answer, repeated where the provider recognises a repeated one: LINE."""

from campaigns.flow.dispatch import KEY_LIFE
from campaigns.model.customer import Channel
from campaigns.orchestrator.lookup import lane_in
from campaigns.orchestrator.ports import Ports


class Repeater:
    """Repeats LINE requests without a clear answer, for as long as LINE recognises them."""

    def __init__(self, ports: Ports) -> None:
        self._p = ports

    def repeat(self) -> int:
        """Queue what is in doubt and may be repeated; return of how many campaigns."""
        line = self._p.carriers[Channel.LINE]
        if line.simulated or line.ready is not None:
            return 0
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            tx.batches.arrived(now)
            batches = tx.batches.due(Channel.LINE, now - KEY_LIFE, now)
            campaigns = {*tx.outbox.repeat(Channel.LINE, now - KEY_LIFE, now), *batches.values()}
            for campaign_id in campaigns:
                campaign = lane_in(tx, campaign_id)
                self._p.dispatcher.start(tx, campaign, [Channel.LINE], now)
                self._p.dispatcher.start(tx, campaign, [Channel.LINE], now, tests=True)
        return len(campaigns)
