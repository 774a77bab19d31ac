"""The table of what was approved once: kept while its campaign is changed and approved anew."""

from sqlalchemy import Column, ForeignKey, String, Table, Text

from campaigns.store.tables import metadata

approved_texts = Table(
    "approved_texts",
    metadata,
    Column("campaign_id", ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True),
    Column("contact_id", String(128), primary_key=True),
    Column("channel", String(12), primary_key=True),
    Column("customer_id", String(96), nullable=False),
    Column("customer", Text, nullable=False),
    Column("address", String(320), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
)
