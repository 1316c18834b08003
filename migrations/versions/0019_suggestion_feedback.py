"""What the desk says of suggested rules: confirmed, or refused and why."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suggestion_feedback",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("law_id", sa.BigInteger(), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=True),
        sa.Column("assessment_id", sa.BigInteger(), nullable=True),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "bevestigd",
                "afgewezen",
                name="suggestiondecision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "ander_onderwerp",
                "andere_regel_past_beter",
                "voorwaarden_niet_vervuld",
                "gold_toen_niet",
                "al_geprobeerd",
                name="refusalreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(decision = 'afgewezen') = (reason IS NOT NULL)", name=op.f("ck_suggestion_feedback_refusal_has_reason")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessments.id"],
            name=op.f("fk_suggestion_feedback_assessment_id_assessments"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_suggestion_feedback_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_suggestion_feedback_decided_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["law_id"], ["laws.id"], name=op.f("fk_suggestion_feedback_law_id_laws")),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provisions.id"], name=op.f("fk_suggestion_feedback_provision_id_provisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_feedback")),
    )
    op.create_index(op.f("ix_suggestion_feedback_law_id"), "suggestion_feedback", ["law_id"], unique=False)
    op.create_index(
        "uq_suggestion_feedback_standing",
        "suggestion_feedback",
        ["case_id", "law_id", sa.literal_column("coalesce(provision_id, 0)")],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("suggestion_feedback")
