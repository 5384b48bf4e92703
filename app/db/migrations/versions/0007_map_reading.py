"""Reading maps: what filters go by, layouts, custom templates, absorbed and proposed stages, rules of personas, recordings, what we do"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COUNTS = ("quotes", "of_quotes", "of_interviews", "calls", "cached", "tokens_in", "tokens_out", "ungrounded")
"""Of what a model was shown for a proposal of stages, and of what that took."""


def upgrade() -> None:
    # no batch: SQLite would make the tables anew, and dropping the old ones would cascade
    op.add_column("map_version", sa.Column("facts", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("journey_map", sa.Column("layout", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("stage", sa.Column("absorbed", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("persona", sa.Column("rule", sa.JSON(), nullable=True))
    op.add_column("transcript", sa.Column("recording", sa.Text(), nullable=True))
    op.create_table(
        "journey_template",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("workspace_id", sa.String(64), sa.ForeignKey("workspace.id"), nullable=False, index=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "business_action",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("workspace_id", sa.String(64), sa.ForeignKey("workspace.id"), nullable=False, index=True),
        sa.Column("map_id", sa.String(64), sa.ForeignKey("journey_map.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("stage_id", sa.String(64), nullable=False),
        sa.Column("line", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "stage_proposal",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("workspace_id", sa.String(64), sa.ForeignKey("workspace.id"), nullable=False, index=True),
        sa.Column("study_id", sa.String(64), sa.ForeignKey("study.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("prompt", sa.String(), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("transcript_ids", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("cost", sa.Float(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
    )


def downgrade() -> None:
    op.drop_table("stage_proposal")
    op.drop_table("business_action")
    op.drop_table("journey_template")
    op.drop_column("transcript", "recording")
    op.drop_column("persona", "rule")
    op.drop_column("stage", "absorbed")
    op.drop_column("journey_map", "layout")
    op.drop_column("map_version", "facts")
