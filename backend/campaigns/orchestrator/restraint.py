"""How much one customer and one person hear from us, asked right before a message would leave.

Once somebody at a customer has answered a campaign, nothing more of it goes to that customer: a
survey aside, which asks each person for their own opinion. A cap limits what one address gets in
any seven days, over all campaigns, and days may have to lie between two campaigns to one customer.
An answer to a person is neither held nor counted.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from campaigns.flow import dispatch
from campaigns.model.ids import CampaignId, CustomerId, MessageId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.plan import CampaignType
from campaigns.model.ports import Clock, Tx
from campaigns.model.reply import Intent
from campaigns.model.wording import plural

WEEK = timedelta(days=7)
ANSWERED = "somebody there has answered this campaign"
NO_ANSWER = frozenset({Intent.OUT_OF_OFFICE.value})


Verdicts = Mapping[MessageId, dispatch.Wait | dispatch.End]
Judge = Callable[[Tx, Sequence[Message]], Verdicts]


def together(*judges: Judge) -> Judge:
    """Return a judge that asks several; the last to object has the word, but an end stays one."""

    def judge(tx: Tx, messages: Sequence[Message]) -> Verdicts:
        verdicts: dict[MessageId, dispatch.Wait | dispatch.End] = {}
        for one in judges:
            for m, verdict in one(tx, messages).items():
                if not isinstance(verdicts.get(m), dispatch.End):
                    verdicts[m] = verdict
        return verdicts

    return judge


class Restraint:
    """Holds or ends messages that would be too much."""

    def __init__(self, clock: Clock, most_per_week: int, days_between: int = 0) -> None:
        """`most_per_week` is per address; 0 means no cap, and no days between campaigns."""
        self._clock = clock
        self._most = most_per_week
        self._between = timedelta(days=days_between)

    def __call__(
        self, tx: Tx, messages: Sequence[Message]
    ) -> Mapping[MessageId, dispatch.Wait | dispatch.End]:
        """Return, for each message that may not leave now, until when or why never."""
        real = [m for m in messages if not m.is_test and m.answer is None]
        verdicts: dict[MessageId, dispatch.Wait | dispatch.End] = {}
        for campaign_id in {m.campaign_id for m in real}:
            own = [m for m in real if m.campaign_id == campaign_id]
            verdicts |= self._waits(tx, campaign_id, own)
            answered = self._answered(tx, campaign_id)
            verdicts |= {
                m.id: dispatch.End(MessageStatus.SKIPPED, ANSWERED)
                for m in own
                if m.customer_id in answered
            }
        return verdicts

    def _waits(
        self, tx: Tx, campaign_id: CampaignId, messages: Sequence[Message]
    ) -> Iterator[tuple[MessageId, dispatch.Wait]]:
        """Yield which of a campaign's messages wait; of two reasons the one that lasts longer."""
        written = self._written(tx, campaign_id, messages)
        for m in messages:
            waits = [*self._too_soon(tx, m), *self._too_close(written.get(m.customer_id))]
            if waits:
                until, why = max(waits)
                yield m.id, dispatch.Wait(until, why)

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

    def _too_soon(self, tx: Tx, message: Message) -> Iterator[tuple[datetime, str]]:
        if not self._most:
            return
        left = tx.messages.left_since(message.channel, message.address, self._clock.now() - WEEK)
        if len(left) >= self._most:
            free_at = left[len(left) - self._most] + WEEK
            yield free_at, f"this address had {len(left)} messages within seven days"

    def _written(
        self, tx: Tx, campaign_id: CampaignId, messages: Sequence[Message]
    ) -> Mapping[CustomerId, datetime]:
        """Return when another campaign last wrote to the customers, too lately for this one."""
        if not self._between:
            return {}
        customers = {m.customer_id for m in messages}
        return tx.messages.written_since(customers, self._clock.now() - self._between, campaign_id)

    def _too_close(self, written: datetime | None) -> Iterator[tuple[datetime, str]]:
        if written is not None:
            days = plural(self._between.days, "day")
            yield written + self._between, f"another campaign wrote to this customer within {days}"
