"""calls to a model with their costs, and the texts it wrote."""

import sqlalchemy as sa
from alembic import op

from campaigns.store.instant import Instant

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Bring the tables up."""
    op.create_table(
        "model_calls",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("job", sa.String(length=16), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("campaign_id", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("input_tokens", sa.BigInteger(), nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cost_nano", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("model_calls_at", "model_calls", ["at"])
    op.create_index("model_calls_campaign", "model_calls", ["campaign_id"])
    op.create_table(
        "model_texts",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
