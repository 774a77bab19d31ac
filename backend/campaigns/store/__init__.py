"""The database: SQLite in the data folder, or PostgreSQL; the same tables and queries on both."""
