"""The store as a whole, and the durable engine that sends from it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from campaigns.model.campaign import Campaign
from campaigns.model.customer import Channel
from campaigns.model.ports.answers import Answers, Consents, Corrections, Inbox, Replies
from campaigns.model.ports.batches import Batches
from campaigns.model.ports.book import Changes, Customers, Entries, Remarks
from campaigns.model.ports.campaigns import Approved, Automations, Campaigns, Messages
from campaigns.model.ports.outbox import Identities, Outbox, Templates, Webhooks
from campaigns.model.ports.people import Audit, Desk, Keys, People
from campaigns.model.ports.progress import Progress
from campaigns.model.ports.pruning import Pruning
from campaigns.model.ports.reserves import Reserves
from campaigns.model.ports.spending import Idempotency, ModelCalls, ModelTexts


class Tx(Protocol):
    """One transaction over the whole store."""

    @property
    def customers(self) -> Customers: ...
    @property
    def entries(self) -> Entries: ...
    @property
    def remarks(self) -> Remarks: ...
    @property
    def changes(self) -> Changes: ...
    @property
    def campaigns(self) -> Campaigns: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def approved(self) -> Approved: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def batches(self) -> Batches: ...
    @property
    def reserves(self) -> Reserves: ...
    @property
    def answers(self) -> Answers: ...
    @property
    def replies(self) -> Replies: ...
    @property
    def corrections(self) -> Corrections: ...
    @property
    def consents(self) -> Consents: ...
    @property
    def automations(self) -> Automations: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def people(self) -> People: ...
    @property
    def desk(self) -> Desk: ...
    @property
    def progress(self) -> Progress: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def webhooks(self) -> Webhooks: ...
    @property
    def identities(self) -> Identities: ...
    @property
    def templates(self) -> Templates: ...
    @property
    def idempotency(self) -> Idempotency: ...
    @property
    def model_calls(self) -> ModelCalls: ...
    @property
    def model_texts(self) -> ModelTexts: ...
    @property
    def pruning(self) -> Pruning: ...
    def latest_instant(self) -> datetime | None:
        """Return the newest time any table knows, for a clock that must not run backwards."""
        ...


class Store(Protocol):
    """The database."""

    def begin(self) -> AbstractContextManager[Tx]:
        """Open a transaction that may write: committed when the block ends, else rolled back."""
        ...

    def read(self) -> AbstractContextManager[Tx]:
        """Open a consistent view for reading only."""
        ...

    def settle(self) -> None:
        """Have the database look at a book that was brought in, so that its indexes answer counts."""
        ...


class Dispatcher(Protocol):
    """The durable engine behind sending."""

    def start(
        self,
        tx: Tx,
        campaign: Campaign,
        channels: Sequence[Channel],
        at: datetime,
        *,
        tests: bool = False,
    ) -> None:
        """Have the campaign's queued messages sent from `at` on, enqueued in this transaction.

        With `tests` only its test messages, whatever the campaign's state.
        """
        ...
