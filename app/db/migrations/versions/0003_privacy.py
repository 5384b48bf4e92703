"""What personal data was found in each transcript, and the switch of each study"""

import sqlalchemy as sa
from alembic import op

from app.db.engine import UtcDateTime

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # no batch: SQLite would make the table anew, and dropping the old one would cascade to everything in every study
    op.add_column('study', sa.Column('redact', sa.Boolean(), nullable=False, server_default='1'))

    op.create_table('personal_data',
    sa.Column('transcript_id', sa.String(length=64), nullable=False),
    sa.Column('workspace_id', sa.String(length=64), nullable=False),
    sa.Column('study_id', sa.String(length=64), nullable=False),
    sa.Column('detector', sa.String(), nullable=False),
    sa.Column('sought', sa.String(), nullable=False),
    sa.Column('findings', sa.JSON(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('took_ms', sa.Integer(), nullable=False),
    sa.Column('found_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['transcript_id'], ['transcript.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspace.id'], ),
    sa.PrimaryKeyConstraint('transcript_id')
    )
    with op.batch_alter_table('personal_data', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_personal_data_transcript_id'), ['transcript_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_personal_data_workspace_id'), ['workspace_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_personal_data_study_id'), ['study_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('personal_data', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_personal_data_study_id'))
        batch_op.drop_index(batch_op.f('ix_personal_data_workspace_id'))
        batch_op.drop_index(batch_op.f('ix_personal_data_transcript_id'))

    op.drop_table('personal_data')
    op.drop_column('study', 'redact')
