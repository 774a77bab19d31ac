"""What is held for a WhatsApp template leaves as soon as the template may be sent."""

from campaigns.model.customer import Channel
from campaigns.orchestrator.lookup import campaign_in
from campaigns.orchestrator.ports import Ports


class Releaser:
    """Watches which templates may be sent, however that became known: webhook, sync, a person."""

    def __init__(self, ports: Ports) -> None:
        self._p = ports
        self._usable: frozenset[tuple[str, str]] = frozenset()

    def release(self) -> int:
        """Let go what is held for templates usable since the last look; of how many campaigns."""
        with self._p.store.read() as tx:
            usable = frozenset(
                (k.name, k.language) for k in tx.templates.all() if k.trouble is None
            )
        new, self._usable = usable - self._usable, usable
        if not new:
            return 0
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            campaigns = tx.outbox.let_go(new, now)
            for campaign_id in campaigns:
                campaign = campaign_in(tx, campaign_id)
                self._p.dispatcher.start(tx, campaign, [Channel.WHATSAPP], now)
                self._p.dispatcher.start(tx, campaign, [Channel.WHATSAPP], now, tests=True)
        return len(campaigns)
