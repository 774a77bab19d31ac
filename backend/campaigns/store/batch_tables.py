"""The table of what left together: which messages were in one request, as it was first made."""

from sqlalchemy import Column, ColumnElement, ForeignKey, Index, Integer, String, Table, exists

from campaigns.store.tables import messages, metadata

batch_members = Table(
    "batch_members",
    metadata,
    Column("batch_id", String(64), primary_key=True),
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("attempt", Integer, nullable=False),  # the message's, at the batch's newest attempt
    Index("batch_members_message", "message_id"),
)


def in_newest_attempt() -> ColumnElement[bool]:
    """Match messages whose newest attempt was made in a batch."""
    return exists().where(
        batch_members.c.message_id == messages.c.id, batch_members.c.attempt == messages.c.attempt
    )
