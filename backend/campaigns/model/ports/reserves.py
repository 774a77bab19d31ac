"""Messages kept in reserve for another channel."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.model.ids import MessageId


class Reserves(Protocol):
    """Failed messages that have another in reserve, noted in the transaction of their failure."""

    def due(self, now: datetime, most: int) -> Sequence[MessageId]:
        """Return failed messages whose reserve is to be called, the longest due first."""
        ...

    def call(self, message_id: MessageId, reserve_id: MessageId) -> bool:
        """Note what message the reserve became; False when it was called or let be before."""
        ...

    def let_be(self, message_id: MessageId) -> bool:
        """Never call the reserve of a message; False when it was called or let be before."""
        ...

    def called(self, message_id: MessageId) -> MessageId | None:
        """Return the message that a message's reserve became, None when it was not called."""
        ...

    def needless(self, message_ids: Collection[MessageId]) -> Collection[MessageId]:
        """Return those of the reserves whose first message did not fail after all."""
        ...
