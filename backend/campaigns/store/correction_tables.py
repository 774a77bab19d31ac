"""The tables of corrections: what people said replies mean, and the lines fitted to it."""

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table

from campaigns.store.instant import Instant
from campaigns.store.tables import metadata

corrections = Table(
    "corrections",
    metadata,
    Column("reply_id", ForeignKey("replies.id", ondelete="CASCADE"), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("meant", String(20), nullable=False),
    Column("record", JSON, nullable=False),  # the whole typed correction
)

# Rows are only added: the one with the highest number holds, and going back adds another.
reply_lines = Table(
    "reply_lines",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("record", JSON, nullable=False),  # the whole typed set of lines
)
