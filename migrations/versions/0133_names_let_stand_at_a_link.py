"""Keep who let stand what a rule bottleneck says in public of the people round a case that came under it, and why."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0133"
down_revision = "0132"
branch_labels = None
depends_on = None

TABLE = "bottleneck_cases"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("passed", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False))
    op.add_column(TABLE, sa.Column("pass_reason", sa.String(), nullable=True))
    op.add_column(TABLE, sa.Column("passed_by_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_bottleneck_cases_passed_by_id_accounts"), TABLE, "accounts", ["passed_by_id"], ["id"]
    )
    op.create_check_constraint(op.f("ck_bottleneck_cases_four_eyes"), TABLE, "passed_by_id <> linked_by_id")


def downgrade() -> None:
    op.drop_column(TABLE, "passed_by_id")
    op.drop_column(TABLE, "pass_reason")
    op.drop_column(TABLE, "passed")
