"""${message}."""

import sqlalchemy as sa
from alembic import op
from campaigns.store.instant import Instant

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Bring the tables up."""
    ${upgrades if upgrades else "pass"}
