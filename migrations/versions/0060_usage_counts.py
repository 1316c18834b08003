"""How much was done in each period under one key: by an internet address, to an address, with a draft."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usage_counts",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("period_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "period_start", name=op.f("pk_usage_counts")),
    )


def downgrade() -> None:
    op.drop_table("usage_counts")
