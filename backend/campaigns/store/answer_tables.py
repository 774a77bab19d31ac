"""The tables of the inbox: which reply a message answers, and who is looking at a conversation."""

from sqlalchemy import Column, ForeignKey, Index, String, Table

from campaigns.store.instant import Instant
from campaigns.store.tables import metadata

answers = Table(
    "answers",
    metadata,
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("reply_id", String(40), nullable=False),
    # The conversation: where the reply came from, which need not be where the answer goes.
    Column("channel", String(12), nullable=False),
    Column("address", String(320), nullable=False),
    Column("at", Instant, nullable=False),
    Index("answers_conversation", "channel", "address", "at"),
    Index("answers_reply", "reply_id"),
)

attention = Table(
    "attention",
    metadata,
    Column("subject", String(160), primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("at", Instant, nullable=False),
)
