"""The tables of the model: every call with its cost, and texts that need not be asked again."""

from sqlalchemy import JSON, BigInteger, Column, Index, String, Table, Text

from campaigns.store.instant import Instant
from campaigns.store.tables import metadata

model_calls = Table(
    "model_calls",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("job", String(16), nullable=False),
    Column("model", Text, nullable=False),
    Column("campaign_id", String(40)),  # who pays, NULL for the house; outlives the campaign
    Column("state", String(12), nullable=False),  # reserved, done, unknown
    Column("input_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("cost_nano", BigInteger, nullable=False),  # billionths of a dollar
    Column("outcome", Text, nullable=False),
    Index("model_calls_at", "at"),
    Index("model_calls_campaign", "campaign_id"),
)

model_texts = Table(
    "model_texts",
    metadata,
    Column("key", String(64), primary_key=True),  # a digest of all that was asked
    Column("at", Instant, nullable=False),
    Column("record", JSON, nullable=False),
)
