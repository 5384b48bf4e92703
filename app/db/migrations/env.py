"""Alembic runs migrations on the connection it is given."""

from alembic import context
from sqlmodel import SQLModel

from app.db import tables

assert tables.WorkspaceRow.metadata is SQLModel.metadata  # noqa: S101  # importing the tables registers them

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
