"""automations."""

import sqlalchemy as sa
from alembic import op

from campaigns.store.instant import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Bring the tables up."""
    op.create_table(
        "automations",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("due_after", Instant(timezone=True), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "automation_runs",
        sa.Column("automation_id", sa.String(length=40), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["automation_id"], ["automations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("automation_id", "due_at"),
        sa.UniqueConstraint("id"),
    )
    with op.batch_alter_table("automation_runs") as batch_op:
        batch_op.create_index("automation_runs_newest", ["automation_id", "id"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("automation_id", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.String(length=96), nullable=False),
        sa.Column("contract_end", sa.Date(), nullable=True),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["automation_id"], ["automations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("automation_id", "customer_id"),
    )
