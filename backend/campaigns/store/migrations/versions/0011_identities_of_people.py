"""people are known to an identity provider."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Bring the tables up."""
    op.add_column("people", sa.Column("identity", sa.Text()))
    op.create_index("people_identity", "people", ["identity"], unique=True)
