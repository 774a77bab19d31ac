"""failed messages that have another in reserve."""

import sqlalchemy as sa
from alembic import op

from campaigns.store.instant import Instant

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Bring the tables up."""
    op.create_table(
        "reserves",
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("due", Instant(timezone=True), nullable=False),
        sa.Column("reserve_id", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id"),
        sa.UniqueConstraint("reserve_id"),
    )
    op.create_index(
        "reserves_due",
        "reserves",
        ["due"],
        sqlite_where=sa.text("reserve_id IS NULL"),
        postgresql_where=sa.text("reserve_id IS NULL"),
    )
