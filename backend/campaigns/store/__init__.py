"""The database: SQLite in the data folder, or PostgreSQL; the same tables and queries on both."""

from campaigns.store.store import SqlStore

__all__ = ["SqlStore"]
