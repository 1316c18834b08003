"""Colleagues of the desk who are away, and who acts in the meantime."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leave_covers",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("covered_by_id", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("registered_by_id", sa.BigInteger(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_leave_covers_days")),
        sa.CheckConstraint("account_id <> covered_by_id", name=op.f("ck_leave_covers_another")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_leave_covers_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["covered_by_id"], ["accounts.id"], name=op.f("fk_leave_covers_covered_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["accounts.id"], name=op.f("fk_leave_covers_registered_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_covers")),
    )
    op.create_index("ix_leave_covers_account", "leave_covers", ["account_id", "first_day"])


def downgrade() -> None:
    op.drop_table("leave_covers")
