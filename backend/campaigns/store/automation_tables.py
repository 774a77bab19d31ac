"""The tables of automations: what runs when, what each run came to, whom it proposed."""

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table

from campaigns.store.instant import Instant
from campaigns.store.tables import metadata

automations = Table(
    "automations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("active", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("due_after", Instant, nullable=False),
    Column("record", JSON, nullable=False),  # the whole typed automation but the columns above
)

# The key is what makes one run, and so one campaign, of each due time.
automation_runs = Table(
    "automation_runs",
    metadata,
    Column("automation_id", ForeignKey("automations.id", ondelete="CASCADE"), primary_key=True),
    Column("due_at", Instant, primary_key=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("record", JSON, nullable=False),
    Index("automation_runs_newest", "automation_id", "id"),
)

# The latest proposal of each customer by each automation.
proposals = Table(
    "proposals",
    metadata,
    Column("automation_id", ForeignKey("automations.id", ondelete="CASCADE"), primary_key=True),
    Column("customer_id", String(96), primary_key=True),
    Column("contract_end", Date),
    Column("at", Instant, nullable=False),
)
