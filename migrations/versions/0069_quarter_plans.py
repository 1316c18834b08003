"""The reference dates of a quarter, and who looks after what the quality list finds."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quarter_plans",
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("check_on", sa.Date(), nullable=False),
        sa.Column("seal_on", sa.Date(), nullable=False),
        sa.Column("text_on", sa.Date(), nullable=False),
        sa.Column("present_on", sa.Date(), nullable=False),
        sa.Column("set_by_id", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["set_by_id"], ["accounts.id"], name=op.f("fk_quarter_plans_set_by_id_accounts")),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_quarter_plans")),
    )
    op.create_table(
        "quarter_check_tasks",
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column(
            "check",
            sa.Enum(
                "zonder_behandelaar",
                "zonder_oordeel",
                "raadpleging_te_laat",
                "antwoord_niet_openbaar",
                "stil",
                name="check",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("given_by_id", sa.BigInteger(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["accounts.id"], name=op.f("fk_quarter_check_tasks_given_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["accounts.id"], name=op.f("fk_quarter_check_tasks_owner_id_accounts")),
        sa.PrimaryKeyConstraint("quarter", "check", name=op.f("pk_quarter_check_tasks")),
    )


def downgrade() -> None:
    op.drop_table("quarter_check_tasks")
    op.drop_table("quarter_plans")
