"""the customer book's entries, what is said about them, and how the book was changed."""

import sqlalchemy as sa
from alembic import op

from campaigns.store.instant import Instant

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Bring the tables up.

    The customers known so far keep their ids: the next reading of the book finds them by name.
    """
    _add_columns()
    op.create_table(
        "entries",
        sa.Column("id", sa.String(length=96), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(length=16), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("refers_to", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("entries_position", "entries", ["position"])
    op.execute(
        "INSERT INTO entries (id, position, kind, name, fingerprint, text, line, lines, why) "
        "SELECT id, position, 'customer', name, fingerprint, '', 0, 0, '' FROM customers"
    )
    op.execute("DELETE FROM meta WHERE key = 'book.digest'")  # have the book read again
    op.create_table(
        "remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=96), nullable=True),
        sa.Column("below", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=False),
        sa.Column("compared", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("remarks_entry", "remarks", ["entry_id"])
    op.create_index("remarks_code", "remarks", ["code"])
    op.create_table(
        "suspicions",
        sa.Column("first", sa.String(length=96), nullable=False),
        sa.Column("second", sa.String(length=96), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("first", "second"),
    )
    op.create_table(
        "book_changes",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("after", sa.String(length=64), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("book_changes_status", "book_changes", ["status"])
    op.create_table(
        "value_origins",
        sa.Column("customer_id", sa.String(length=96), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "field"),
    )


def _add_columns() -> None:
    with op.batch_alter_table("customers", schema=None) as batch_op:
        for name in ("line", "zones_named", "people"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("contract_start", sa.Date(), nullable=True))
    with op.batch_alter_table("addresses", schema=None) as batch_op:
        batch_op.add_column(sa.Column("written", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("below", sa.Integer(), nullable=False, server_default="0"))
