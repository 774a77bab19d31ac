"""answers to replies, and who looks at a conversation."""

import sqlalchemy as sa
from alembic import op

from campaigns.store.instant import Instant

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Bring the tables up."""
    op.create_table(
        "answers",
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("reply_id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id"),
    )
    op.create_index("answers_conversation", "answers", ["channel", "address", "at"])
    op.create_index("answers_reply", "answers", ["reply_id"])
    op.create_table(
        "attention",
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("subject", "person_id"),
    )
