"""The table of channel accounts: its row is the lock that makes permits exact."""

from sqlalchemy import BigInteger, Column, String, Table, Text

from campaigns.store.instant import Instant
from campaigns.store.tables import metadata

# One row per channel: every claim's first UPDATE is of this row.
accounts = Table(
    "accounts",
    metadata,
    Column("channel", String(12), primary_key=True),
    Column("claims", BigInteger, nullable=False, default=0),
    Column("halted", Text),  # why nothing may leave on this channel, NULL when it may
    Column("halted_until", Instant),  # NULL: until a person reopens it
)
