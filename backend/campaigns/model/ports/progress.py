"""What becomes of a campaign while it is sent, in numbers and lists."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, CustomerId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.reply import Intent


class Queued(Protocol):
    """What waits on one channel: how many messages, until when the first, and why."""

    @property
    def messages(self) -> int: ...
    @property
    def until(self) -> datetime | None: ...
    @property
    def reason(self) -> str | None: ...


class Answered(Protocol):
    """One reply to a campaign, as far as counting goes."""

    @property
    def channel(self) -> Channel: ...
    @property
    def intent(self) -> Intent: ...
    @property
    def customer_id(self) -> CustomerId: ...
    @property
    def at(self) -> datetime: ...


class UsualOutcome(Protocol):
    """What became of all other campaigns together; customers are counted once a campaign.

    `ended` are messages that left or failed, `readable` the delivered ones of which a read would
    be reported.
    """

    @property
    def ended(self) -> int: ...
    @property
    def delivered(self) -> int: ...
    @property
    def readable(self) -> int: ...
    @property
    def read(self) -> int: ...
    @property
    def customers_reached(self) -> int: ...
    @property
    def customers_replied(self) -> int: ...
    @property
    def customers_interested(self) -> int: ...
    @property
    def customers_opted_out(self) -> int: ...


class Progress(Protocol):
    """What becomes of a campaign while it is sent; test messages aside."""

    def queues(self, campaign_id: CampaignId) -> Mapping[Channel, Queued]:
        """Return what is queued on each channel; what is held for a person is not among it."""
        ...

    def reached(self, campaign_id: CampaignId) -> int:
        """Return how many customers got at least one message delivered."""
        ...

    def left_since(self, campaign_id: CampaignId, since: datetime) -> int: ...
    def answers(self, campaign_id: CampaignId) -> Sequence[Answered]:
        """Return every reply of known customers to the campaign, oldest first."""
        ...

    def usual(self, campaign_id: CampaignId) -> UsualOutcome: ...
    def troubles(self, campaign_id: CampaignId, limit: int) -> tuple[Sequence[Message], int]:
        """Return messages that did not arrive or wait for a decision, and how many there are."""
        ...

    def recipients(
        self,
        campaign_id: CampaignId,
        statuses: Collection[MessageStatus],
        channel: Channel | None,
        first: int,
        limit: int,
    ) -> tuple[Sequence[Message], int]:
        """Return messages in any of `statuses` (none means all) on a channel, and how many."""
        ...

    def tests(self, campaign_id: CampaignId) -> Sequence[Message]: ...
