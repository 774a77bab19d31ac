"""who looks after a reply or a campaign."""

import sqlalchemy as sa
from alembic import op

from campaigns.store.instant import Instant

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Bring the tables up."""
    op.create_table(
        "assignments",
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("subject"),
    )
    op.create_index("assignments_person", "assignments", ["person_id"])
