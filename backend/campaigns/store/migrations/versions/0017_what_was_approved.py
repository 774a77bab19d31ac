"""what was approved, kept while it is changed and approved anew."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Bring the table up."""
    op.create_table(
        "approved_texts",
        sa.Column("campaign_id", sa.String(length=40), nullable=False),
        sa.Column("contact_id", sa.String(length=128), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("customer_id", sa.String(length=96), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("campaign_id", "contact_id", "channel"),
    )
