"""what providers tell by themselves and know: raw webhooks, identities, templates."""

import sqlalchemy as sa
from alembic import op

from campaigns.store.instant import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Bring the tables up."""
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", Instant(timezone=True), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_at", Instant(timezone=True), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    waiting = sa.text("done_at IS NULL")
    op.create_index(
        "webhooks_due", "webhooks", ["due_at"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_index("webhooks_received", "webhooks", ["received_at"])
    op.create_table(
        "identities",
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.String(length=160), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "user_id"),
    )
    op.create_table(
        "templates",
        sa.Column("name", sa.String(length=512), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", "language"),
    )
    op.add_column("messages", sa.Column("doubt_since", Instant(timezone=True), nullable=True))
    doubtful = sa.text("status = 'in_doubt'")
    op.create_index(
        "messages_doubt",
        "messages",
        ["channel", "doubt_since"],
        sqlite_where=doubtful,
        postgresql_where=doubtful,
    )
    op.create_index("events_address", "events", ["channel", "address", "occurred_at"])
