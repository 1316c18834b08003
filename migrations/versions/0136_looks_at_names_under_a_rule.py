"""Keep since when something public points at people round a case under a rule or a commitment, and who looked when."""

import sqlalchemy as sa
from alembic import op

revision = "0136"
down_revision = "0135"
branch_labels = None
depends_on = None

TABLES = ("bottleneck_cases", "commitment_cases")


def upgrade() -> None:
    for table in TABLES:
        # What stands there today was looked through when it was written, or when the case came.
        op.add_column(
            table, sa.Column("looked_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)
        )
        op.add_column(table, sa.Column("found_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "found_at")
        op.drop_column(table, "looked_at")
