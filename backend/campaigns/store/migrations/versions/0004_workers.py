"""which worker claimed a message, so that others can free what it left."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Bring the tables up."""
    op.add_column("messages", sa.Column("worker", sa.String(length=128), nullable=True))
