"""Alembic's entry: runs revisions on the connection `migrations.upgrade` opened."""

from alembic import context

from campaigns.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
    user_module_prefix="",
)
with context.begin_transaction():
    context.run_migrations()
