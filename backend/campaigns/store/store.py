"""The store: transactions that carry every table's queries."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection, Engine, func, select

from campaigns.model.ports import Tx
from campaigns.store import book_tables as b
from campaigns.store import migrations
from campaigns.store import tables as t
from campaigns.store.answers import AnswerRows
from campaigns.store.approved import ApprovedRows
from campaigns.store.audit import AuditRows
from campaigns.store.automations import AutomationRows
from campaigns.store.batches import BatchRows
from campaigns.store.campaigns import CampaignRows
from campaigns.store.changes import ChangeRows
from campaigns.store.consents import ConsentRows
from campaigns.store.corrections import CorrectionRows
from campaigns.store.customers import CustomerRows
from campaigns.store.database import reading, settle, writing
from campaigns.store.desk import DeskRows
from campaigns.store.entries import EntryRows
from campaigns.store.idempotency import IdempotencyRows
from campaigns.store.identities import IdentityRows
from campaigns.store.inbox import InboxRows
from campaigns.store.keys import KeyRows
from campaigns.store.messages import MessageRows
from campaigns.store.model_calls import ModelCallRows
from campaigns.store.model_texts import ModelTextRows
from campaigns.store.outbox import OutboxRows
from campaigns.store.people import PeopleRows
from campaigns.store.progress import ProgressRows
from campaigns.store.pruning import PruningRows
from campaigns.store.remarks import RemarkRows
from campaigns.store.replies import ReplyRows
from campaigns.store.reserves import ReserveRows
from campaigns.store.templates import TemplateRows
from campaigns.store.webhooks import WebhookRows


class SqlTx:
    """`model.ports.Tx`: one transaction over every table."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @cached_property
    def customers(self) -> CustomerRows:
        """The read side of the customer book."""
        return CustomerRows(self.connection)

    @cached_property
    def entries(self) -> EntryRows:
        """The customer book's entries as last read."""
        return EntryRows(self.connection)

    @cached_property
    def remarks(self) -> RemarkRows:
        """What is wrong with the customer book."""
        return RemarkRows(self.connection)

    @cached_property
    def changes(self) -> ChangeRows:
        """What the house did to the book file."""
        return ChangeRows(self.connection)

    @cached_property
    def campaigns(self) -> CampaignRows:
        """Campaigns and their frozen audiences."""
        return CampaignRows(self.connection)

    @cached_property
    def messages(self) -> MessageRows:
        """Messages as written, checked and approved."""
        return MessageRows(self.connection)

    @cached_property
    def outbox(self) -> OutboxRows:
        """Messages on their way."""
        return OutboxRows(self.connection)

    @cached_property
    def approved(self) -> ApprovedRows:
        """What was approved before it was changed."""
        return ApprovedRows(self.connection)

    @cached_property
    def batches(self) -> BatchRows:
        """What left together in one request."""
        return BatchRows(self.connection)

    @cached_property
    def reserves(self) -> ReserveRows:
        """Failed messages that have another in reserve."""
        return ReserveRows(self.connection)

    @cached_property
    def answers(self) -> AnswerRows:
        """Answers to replies."""
        return AnswerRows(self.connection)

    @cached_property
    def replies(self) -> ReplyRows:
        """Replies as kept."""
        return ReplyRows(self.connection)

    @cached_property
    def corrections(self) -> CorrectionRows:
        """What people said replies mean, and the lines fitted to it."""
        return CorrectionRows(self.connection)

    @cached_property
    def consents(self) -> ConsentRows:
        """Suppressions and consents."""
        return ConsentRows(self.connection)

    @cached_property
    def keys(self) -> KeyRows:
        """API keys."""
        return KeyRows(self.connection)

    @cached_property
    def automations(self) -> AutomationRows:
        """Automations and their runs."""
        return AutomationRows(self.connection)

    @cached_property
    def people(self) -> PeopleRows:
        """People, their sessions and one-time links."""
        return PeopleRows(self.connection)

    @cached_property
    def desk(self) -> DeskRows:
        """What people at the console look for."""
        return DeskRows(self.connection)

    @cached_property
    def progress(self) -> ProgressRows:
        """What becomes of a campaign while it is sent."""
        return ProgressRows(self.connection)

    @cached_property
    def inbox(self) -> InboxRows:
        """Conversations with customers."""
        return InboxRows(self.connection)

    @cached_property
    def audit(self) -> AuditRows:
        """The audit trail."""
        return AuditRows(self.connection)

    @cached_property
    def webhooks(self) -> WebhookRows:
        """Verified requests of providers, as they came."""
        return WebhookRows(self.connection)

    @cached_property
    def identities(self) -> IdentityRows:
        """The ids providers have for people."""
        return IdentityRows(self.connection)

    @cached_property
    def templates(self) -> TemplateRows:
        """WhatsApp templates as Meta told us they are."""
        return TemplateRows(self.connection)

    @cached_property
    def idempotency(self) -> IdempotencyRows:
        """Answers kept under an Idempotency-Key."""
        return IdempotencyRows(self.connection)

    @cached_property
    def model_calls(self) -> ModelCallRows:
        """Calls to a model, and what they cost."""
        return ModelCallRows(self.connection)

    @cached_property
    def model_texts(self) -> ModelTextRows:
        """Texts that a model wrote."""
        return ModelTextRows(self.connection)

    @cached_property
    def pruning(self) -> PruningRows:
        """What is old enough to be removed."""
        return PruningRows(self.connection)

    def latest_instant(self) -> datetime | None:
        """Return the newest time any table knows, for a clock that must not run backwards."""
        found = [
            self.connection.scalar(select(func.max(column)))
            for column in (
                t.audit.c.at,
                t.messages.c.updated_at,
                t.ledger.c.at,
                t.events.c.received_at,
            )
        ]
        return max((at for at in found if at is not None), default=None)


class SqlStore:
    """`model.ports.Store` over an SQLAlchemy engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @staticmethod
    def connection_of(tx: Tx) -> Connection:
        """Return the connection of one of this store's transactions."""
        if not isinstance(tx, SqlTx):
            raise TypeError(f"{type(tx).__name__} is no transaction of this store")
        return tx.connection

    def settle(self) -> None:
        """Have the database look at the customers' tables: what there is, and where all is visible.

        PostgreSQL answers counts from an index alone only after a VACUUM; left to itself it does
        that some minutes later, and never for a table that hardly changes.
        """
        settle(self.engine, (t.customers, t.addresses, b.entries, b.remarks))

    def create(self) -> bool:
        """Bring the tables up to this version; return whether anything had to be done.

        A database in memory is always new and needs no history.
        """
        if self.engine.dialect.name == "sqlite" and self.engine.url.database in (None, ":memory:"):
            t.metadata.create_all(self.engine)
            return True
        return migrations.upgrade(self.engine)

    @contextmanager
    def begin(self) -> Iterator[SqlTx]:
        """Open a transaction that may write: committed when the block ends, else rolled back."""
        with writing(self.engine) as connection:
            yield SqlTx(connection)

    @contextmanager
    def read(self) -> Iterator[SqlTx]:
        """Open a consistent view for reading only."""
        with reading(self.engine) as connection:
            yield SqlTx(connection)
