"""How much one customer and one person hear from us, asked right before a message would leave.

Once somebody at a customer has answered a campaign, nothing more of it goes to that customer: a
survey aside, which asks each person for their own opinion. A cap limits what one address gets in
any seven days, over all campaigns.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from campaigns.flow import dispatch
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.plan import CampaignType
from campaigns.model.ports import Clock, Tx
from campaigns.model.reply import Intent

WEEK = timedelta(days=7)
ANSWERED = "somebody there has answered this campaign"
NO_ANSWER = frozenset({Intent.OUT_OF_OFFICE.value})


Verdicts = Mapping[MessageId, dispatch.Wait | dispatch.End]
Judge = Callable[[Tx, Sequence[Message]], Verdicts]


def together(*judges: Judge) -> Judge:
    """Return a judge that asks several; the last to object has the word."""

    def judge(tx: Tx, messages: Sequence[Message]) -> Verdicts:
        return {m: verdict for one in judges for m, verdict in one(tx, messages).items()}

    return judge


class Restraint:
    """Holds or ends messages that would be too much."""

    def __init__(self, clock: Clock, most_per_week: int) -> None:
        """`most_per_week` is per address; 0 means no cap."""
        self._clock = clock
        self._most = most_per_week

    def __call__(
        self, tx: Tx, messages: Sequence[Message]
    ) -> Mapping[MessageId, dispatch.Wait | dispatch.End]:
        """Return, for each message that may not leave now, until when or why never."""
        real = [m for m in messages if not m.is_test]
        verdicts: dict[MessageId, dispatch.Wait | dispatch.End] = {
            m.id: wait for m in real if (wait := self._too_soon(tx, m)) is not None
        }
        for campaign_id in {m.campaign_id for m in real}:
            answered = self._answered(tx, campaign_id)
            verdicts |= {
                m.id: dispatch.End(MessageStatus.SKIPPED, ANSWERED)
                for m in real
                if m.campaign_id == campaign_id and m.customer_id in answered
            }
        return verdicts

    def _answered(self, tx: Tx, campaign_id: CampaignId) -> frozenset[str]:
        campaign = tx.campaigns.get(campaign_id)
        if campaign is None or campaign.plan.type is CampaignType.SURVEY:
            return frozenset()
        people = [
            ids
            for intent, ids in tx.replies.answered(campaign_id).items()
            if intent not in NO_ANSWER
        ]
        return frozenset().union(*people)

    def _too_soon(self, tx: Tx, message: Message) -> dispatch.Wait | None:
        if not self._most:
            return None
        left = tx.messages.left_since(message.channel, message.address, self._clock.now() - WEEK)
        if len(left) < self._most:
            return None
        free_at = left[len(left) - self._most] + WEEK
        return dispatch.Wait(free_at, f"this address had {len(left)} messages within seven days")
