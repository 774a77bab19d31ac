"""Sending failed messages again at a person's word: those alone whose reason passes."""

from collections.abc import Sequence

from campaigns.flow import track
from campaigns.model.access import Actor
from campaigns.model.errors import WrongState
from campaigns.model.ids import CampaignId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.ports import Tx
from campaigns.orchestrator.going_on import OPEN, go_on, require_open
from campaigns.orchestrator.lookup import campaign_in
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.reserves import keep_back
from campaigns.orchestrator.seal import require_what_was_approved

AT_ONCE = 2_000  # messages
REPEATED = "sent again"


class Retries:
    """The step that sends again what failed for a reason that passes."""

    def __init__(self, ports: Ports) -> None:
        self._p = ports

    def count(self, campaign_id: CampaignId) -> int:
        """Return how many messages `retry` would send again."""
        with self._p.store.read() as tx:
            campaign = campaign_in(tx, campaign_id)
            if campaign.status not in OPEN or campaign.rolled_back:
                return 0
            return len(self._found(tx, campaign_id))

    def retry(self, campaign_id: CampaignId, actor: Actor) -> int:
        """Queue them again, exactly as they were approved; return how many.

        All that is asked of a message before it leaves is asked again. One that another channel
        took the place of stays failed. A completed campaign goes back to sending until they are
        done. Raises `WrongState` when there are none.
        """
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            tx.campaigns.lock(campaign_id)
            campaign = campaign_in(tx, campaign_id)
            require_open(campaign)
            require_what_was_approved(tx, campaign)
            again: list[Message] = []
            for m in self._found(tx, campaign_id):
                keep_back(tx, campaign_id, m.id)
                note = f"{actor.name}: {REPEATED}"
                if tx.outbox.resolve(m.id, MessageStatus.QUEUED, note, now):
                    again.append(m)
            if not again:
                raise WrongState(
                    f"Nothing of campaign {campaign_id} failed that may work again. What failed "
                    "for good needs another address or other words."
                )
            channels = tuple(dict.fromkeys(m.channel for m in again))
            go_on(tx, self._p.dispatcher, campaign, channels, now)
            tx.audit.add(
                now,
                actor.name,
                "campaign.retried",
                f"campaign:{campaign_id}",
                {"messages": len(again)},
            )
        return len(again)

    def _found(self, tx: Tx, campaign_id: CampaignId) -> Sequence[Message]:
        """Return the failed messages that nothing took the place of, whose reason passes."""
        failed, _ = tx.progress.recipients(campaign_id, [MessageStatus.FAILED], None, 0, AT_ONCE)
        return [
            m
            for m in failed
            if track.may_work(m.status, m.reason) and tx.reserves.called(m.id) is None
        ]
