"""The table of failed messages whose reserve is to be called, or was."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, text

from campaigns.store.instant import Instant
from campaigns.store.tables import metadata

reserves = Table(
    "reserves",
    metadata,
    # The message that failed: one row, so one reserve, whatever is told how often.
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("due", Instant, nullable=False),
    Column("reserve_id", String(40), unique=True),  # the message it became, NULL: not called yet
    Index(
        "reserves_due",
        "due",
        sqlite_where=text("reserve_id IS NULL"),
        postgresql_where=text("reserve_id IS NULL"),
    ),
)
