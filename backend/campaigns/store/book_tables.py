"""The tables behind the customer book: its entries as last read, and how it was changed."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Text

from campaigns.store.instant import Instant
from campaigns.store.tables import metadata

entries = Table(
    "entries",
    metadata,
    Column("id", String(96), primary_key=True),  # a customer's, where the entry is one
    Column("position", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("text", String(16), nullable=False),  # a hash of exactly what stands in the file
    Column("line", Integer, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("why", Text, nullable=False),
    Column("refers_to", Text),
    Index("entries_position", "position"),
)

remarks = Table(
    "remarks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entry_id", String(96)),  # NULL: about the file, outside entries
    Column("below", Integer, nullable=False),  # lines below the heading, or the line itself
    Column("code", String(40), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("excerpt", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("suggestion", Text, nullable=False),
    Column("compared", Boolean, nullable=False),  # said by comparing entries with each other
    Index("remarks_entry", "entry_id"),
    Index("remarks_code", "code"),
)

suspicions = Table(
    "suspicions",
    metadata,
    Column("first", String(96), primary_key=True),
    Column("second", String(96), primary_key=True),
    Column("why", Text, nullable=False),
)

# What the house did to the book file. A change is begun before the file is written and settled
# after it, so that a crash in between is found and told.
changes = Table(
    "book_changes",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(160), nullable=False),
    Column("status", String(8), nullable=False),
    Column("before", String(64), nullable=False),  # digests of the file
    Column("after", String(64), nullable=False),
    Column("record", JSON, nullable=False),  # the lines taken out and put in
    Index("book_changes_status", "status"),
)

# Where a value that was imported came from; outside the book, so that it survives re-reading.
origins = Table(
    "value_origins",
    metadata,
    Column("customer_id", String(96), primary_key=True),
    Column("field", String(64), primary_key=True),
    Column("value", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
