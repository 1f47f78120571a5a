"""Run by Alembic: applies the steps in the transaction that `torchgrade.gradebook.schema` has opened."""

from __future__ import annotations

from alembic import context

from torchgrade.gradebook.tables import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, version_table=VERSION_TABLE
)
context.run_migrations()
