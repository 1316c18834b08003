"""Keep several topics that somebody asked to follow, each with the link that confirms it, in place of the last one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0142"
down_revision = "0141"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "subscriptions",
        sa.Column("questions", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
    )
    op.execute(
        "UPDATE subscriptions SET questions = jsonb_build_array(jsonb_build_object('topic', asked,"
        " 'nonce', confirm_nonce, 'on', to_char(asked_at AT TIME ZONE 'Europe/Amsterdam', 'YYYY-MM-DD')))"
        " WHERE asked IS NOT NULL AND confirm_nonce IS NOT NULL"
    )
    op.drop_column("subscriptions", "asked")
    op.drop_column("subscriptions", "confirm_nonce")


def downgrade() -> None:
    op.add_column("subscriptions", sa.Column("asked", sa.String(), nullable=True))
    op.add_column("subscriptions", sa.Column("confirm_nonce", sa.String(), nullable=True))
    op.execute(
        "UPDATE subscriptions SET asked = questions -> -1 ->> 'topic', confirm_nonce = questions -> -1 ->> 'nonce'"
    )
    op.drop_column("subscriptions", "questions")
