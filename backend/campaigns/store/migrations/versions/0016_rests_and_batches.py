"""halts that end by themselves, and what left together in one request."""

import sqlalchemy as sa
from alembic import op

from campaigns.store.instant import Instant

revision = "0016"
down_revision = "0013"


def upgrade() -> None:
    """Bring the tables up."""
    op.add_column("accounts", sa.Column("halted_until", Instant(timezone=True), nullable=True))
    op.create_table(
        "batch_members",
        sa.Column("batch_id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("batch_id", "message_id"),
    )
    op.create_index("batch_members_message", "batch_members", ["message_id"])
