"""what people said replies mean, and the lines fitted to it."""

import sqlalchemy as sa
from alembic import op

from campaigns.store.instant import Instant

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Bring the tables up."""
    op.create_table(
        "corrections",
        sa.Column("reply_id", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("meant", sa.String(length=20), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("reply_id"),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], ondelete="CASCADE"),
    )
    op.create_table(
        "reply_lines",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
