"""an index for every filter of an audience."""

from alembic import op

revision = "0009"
down_revision = "0008"

INDEXES = {
    "customers_brand": ["brand", "contract_end"],
    "customers_city": ["city"],
    "customers_region": ["region"],
    "customers_type": ["business_type"],
    "customers_platform": ["platform"],
    "customers_size": ["size"],
    "customers_zones": ["zone_count"],
    "customers_position": ["position"],
    "customers_exact": ["name"],
}


def upgrade() -> None:
    """Bring the tables up."""
    for name, columns in INDEXES.items():
        op.create_index(name, "customers", columns)
