"""What a run found out on its way: how hybrid tagging divided its quotes, and the agreement"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # no batch: SQLite would make the table anew, and dropping the old one would cascade to everything a run has done
    op.add_column('run', sa.Column('notes', sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column('run', 'notes')
