"""What Alembic runs: all steps that are missing, on the connection that `database` hands over."""

from alembic import context

from jupyter_cxg.annotations.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table="cxg_alembic_version",  # the database may be home to others, who use Alembic too
)
with context.begin_transaction():
    context.run_migrations()
