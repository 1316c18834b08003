"""What people say of situations, beside what they say of rules."""

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("suggestion_feedback", sa.Column("situation", sa.String(), nullable=True))
    op.alter_column("suggestion_feedback", "law_id", existing_type=sa.BigInteger(), nullable=True)
    op.create_check_constraint(
        op.f("ck_suggestion_feedback_rule_or_situation"),
        "suggestion_feedback",
        "(law_id IS NULL) <> (situation IS NULL) AND (provision_id IS NULL OR law_id IS NOT NULL)",
    )
    op.create_index(
        "uq_suggestion_feedback_situation",
        "suggestion_feedback",
        ["case_id", "situation"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL AND situation IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_suggestion_feedback_situation", table_name="suggestion_feedback")
    op.execute("DELETE FROM suggestion_feedback WHERE situation IS NOT NULL")
    op.drop_constraint(op.f("ck_suggestion_feedback_rule_or_situation"), "suggestion_feedback", type_="check")
    op.alter_column("suggestion_feedback", "law_id", existing_type=sa.BigInteger(), nullable=False)
    op.drop_column("suggestion_feedback", "situation")
