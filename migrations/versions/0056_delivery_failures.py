"""Mails about a case that reached nobody, until somebody settles it."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

OUTCOMES = ("adres_hersteld", "brief", "telefoon", "opnieuw_verstuurd", "niet_nodig")


def upgrade() -> None:
    """Mails that were given up earlier become items too, where their text is still there."""
    op.create_table(
        "delivery_failures",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("mail_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_returned", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(*OUTCOMES, name="settled", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["outbox.id"], name=op.f("fk_delivery_failures_mail_id_outbox"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_delivery_failures_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["accounts.id"], name=op.f("fk_delivery_failures_settled_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_failures")),
    )
    op.create_index(op.f("ix_delivery_failures_case_id"), "delivery_failures", ["case_id"])
    op.create_index(
        "uq_delivery_failures_one_open",
        "delivery_failures",
        ["mail_id"],
        unique=True,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index(
        "ix_delivery_failures_open", "delivery_failures", ["case_id", "id"],
        postgresql_where=sa.text("settled_at IS NULL"),
    )  # fmt: skip
    op.execute(
        "INSERT INTO delivery_failures (mail_id, case_id, failed_at, is_returned)"
        " SELECT id, case_id, gave_up_at, false FROM outbox"
        " WHERE gave_up_at IS NOT NULL AND case_id IS NOT NULL AND body IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("delivery_failures")
