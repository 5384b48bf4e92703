"""The code book: a theme's summary, and of each placement who made it and what else was near"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # no batch: SQLite would make the tables anew, and dropping the old ones would cascade
    op.add_column("theme", sa.Column("summary", sa.Text(), nullable=False, server_default=""))
    op.add_column("theme_member", sa.Column("source", sa.String(), nullable=False, server_default="offline"))
    op.add_column("theme_member", sa.Column("near", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("theme_member", "near")
    op.drop_column("theme_member", "source")
    op.drop_column("theme", "summary")
