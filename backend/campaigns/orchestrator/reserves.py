"""What was approved in reserve leaves over the next channel once the first way failed for good.

The failure is noted in the transaction that records it (`store.reserves.note`); here a due
reserve becomes a message like any other, which every rule of sending is asked about again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from campaigns.flow import dispatch
from campaigns.model.access import SYSTEM
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.errors import WrongState
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.ports import Carrier, Clock, Dispatcher, Store, Tx
from campaigns.orchestrator.lookup import campaign_in, message_in
from campaigns.orchestrator.openness import closed

C = CampaignStatus
MOST_AT_ONCE = 200
# Approved: a campaign of which only the first customer was written to so far.
GOES_ON = frozenset({C.SENDING, C.PAUSED, C.COMPLETED, C.APPROVED})
# Ends that nobody got anything by.
UNSENT_ENDS = frozenset(
    {
        MessageStatus.FAILED,
        MessageStatus.SUPPRESSED,
        MessageStatus.SKIPPED,
        MessageStatus.CANCELLED,
    }
)
FIRST_ARRIVED = "the first message arrived after all"


def needless(
    tx: Tx, messages: Sequence[Message]
) -> Mapping[MessageId, dispatch.Wait | dispatch.End]:
    """Return, inside a claim, the reserves that must not leave any more."""
    called = [m.id for m in messages if m.reserve_of is not None]
    end = dispatch.End(MessageStatus.SKIPPED, FIRST_ARRIVED)
    return dict.fromkeys(tx.reserves.needless(called), end) if called else {}


def keep_back(tx: Tx, campaign_id: CampaignId, message_id: MessageId) -> None:
    """Keep the reserves of a message that is to be sent again; `WrongState` once one was called."""
    last: MessageId | None = message_id
    while last is not None:
        tx.reserves.let_be(last)
        last = tx.reserves.called(last)
        instead = message_in(tx, campaign_id, last) if last is not None else None
        if instead is not None and instead.status not in UNSENT_ENDS:
            raise WrongState(
                f"Message {instead.id} by {instead.channel.value} took the place of {message_id} "
                f"and is {instead.status.value}: sending this one again would say it twice."
            )


class ReserveCaller:
    """Calls what is in reserve for messages that failed."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        carriers: Mapping[Channel, Carrier],
        dispatcher: Dispatcher,
    ) -> None:
        self._store = store
        self._clock = clock
        self._carriers = carriers
        self._dispatcher = dispatcher

    def call(self) -> int:
        """Have every due reserve leave, or let it be and say why; return how many are to leave."""
        now = self._clock.now()
        with self._store.read() as tx:
            due = tx.reserves.due(now, MOST_AT_ONCE)
        return sum(self._call_one(message_id, now) for message_id in due)

    def _call_one(self, message_id: MessageId, now: datetime) -> bool:
        with self._store.begin() as tx:
            found = tx.messages.get(message_id)
            if found is None:
                return False
            tx.campaigns.lock(found.campaign_id)
            campaign = campaign_in(tx, found.campaign_id)
            first = tx.messages.get(message_id) or found
            reserve = first.in_reserve
            objection = self._objection(campaign, first, reserve)
            if reserve is None or objection is not None:
                if tx.reserves.let_be(message_id):
                    self._note(tx, now, first, "let_be", {"reason": objection or ""})
                return False
            if not tx.reserves.call(message_id, reserve.id):
                return False
            self._queue(tx, campaign, first, reserve, now)
            return True

    def _objection(self, campaign: Campaign, first: Message, reserve: Message | None) -> str | None:
        """Return why a reserve is not called, None when it is."""
        if reserve is None:
            return "nothing is in reserve for it any more"
        if first.status is not MessageStatus.FAILED:
            return FIRST_ARRIVED
        if campaign.status not in GOES_ON or campaign.rolled_back:
            return "the campaign was stopped or changed since"
        return closed(self._carriers, campaign.channels, reserve.channel)

    def _queue(
        self, tx: Tx, campaign: Campaign, first: Message, reserve: Message, now: datetime
    ) -> None:
        called = replace(
            reserve,
            status=MessageStatus.QUEUED,
            reserve_of=first.id,
            not_before=now,
            updated_at=now,
        )
        tx.messages.add([called])
        # Sending again, for this message alone: nothing else of the campaign is queued.
        again = tx.campaigns.move(campaign.id, [C.COMPLETED, C.APPROVED], C.SENDING, now)
        if again or campaign.status is C.SENDING:
            sending = campaign_in(tx, campaign.id)
            self._dispatcher.start(tx, sending, (called.channel,), now)
        detail: dict[str, object] = {
            "instead": called.id,
            "channel": called.channel.value,
            "reason": first.reason,
        }
        self._note(tx, now, first, "called", detail)

    def _note(
        self, tx: Tx, now: datetime, first: Message, what: str, detail: dict[str, object]
    ) -> None:
        tx.audit.add(now, SYSTEM.name, f"reserve.{what}", f"message:{first.id}", detail)
