"""Messages that leave together in one request."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.model.customer import Channel
from campaigns.model.ids import BatchId, CampaignId, MessageId
from campaigns.model.message import Message


class Batches(Protocol):
    """Who was in which request, frozen before its first attempt; repeated whole or never."""

    def leave(
        self, batch_id: BatchId, messages: Sequence[Message], at: datetime
    ) -> Collection[MessageId]:
        """Have those of the messages leave together that still may; they are the batch from then on."""
        ...

    def dissolve(self, batch_id: BatchId) -> None:
        """Forget a batch of which nothing was taken: its messages are like any others again."""
        ...

    def batched(self, message_ids: Collection[MessageId]) -> Collection[MessageId]:
        """Return those of the messages that are, or were, in a batch."""
        ...

    def arrived(self, at: datetime) -> int:
        """Settle what is in doubt in batches of which one is known to have arrived; how many."""
        ...

    def due(
        self, channel: Channel, since: datetime, at: datetime, campaign_id: CampaignId | None = None
    ) -> Mapping[BatchId, CampaignId]:
        """Return the batches to repeat now, and their campaigns.

        All of their messages are in doubt, since `since` or later, none is held back or its
        address suppressed, their campaign sends, and they rested, longer after each attempt.
        """
        ...

    def take(self, batch_id: BatchId, worker: str, at: datetime) -> Sequence[Message]:
        """Claim all of a batch that is to be repeated, in the order it is sent in.

        Where somebody else was faster with one of it, fewer come back than `size` says.
        """
        ...

    def size(self, batch_id: BatchId) -> int:
        """Return how many messages a batch has."""
        ...

    def leave_again(self, messages: Sequence[Message], at: datetime) -> bool:
        """Have a taken batch leave once more; when False, some must not, and so none may."""
        ...

    def rest(self, batch_id: BatchId, until: datetime | None, at: datetime) -> None:
        """Repeat a batch not before `until`; without it, never by itself."""
        ...
