"""What intake remembers: a transcript's sketch and what its file says of the talk, and who was joined with whom"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # no batch: SQLite would make the table anew, and dropping the old one would cascade to everything in every study
    op.add_column('transcript', sa.Column('sketch', sa.JSON(), nullable=False, server_default='{}'))
    op.add_column('transcript', sa.Column('about', sa.JSON(), nullable=False, server_default='{}'))
    op.add_column('participant', sa.Column('joined_to', sa.String(length=64), nullable=True))
    op.add_column('participant', sa.Column('joined_speakers', sa.JSON(), nullable=False, server_default='[]'))


def downgrade() -> None:
    op.drop_column('participant', 'joined_speakers')
    op.drop_column('participant', 'joined_to')
    op.drop_column('transcript', 'about')
    op.drop_column('transcript', 'sketch')
