"""Keep since when an address is known not to exist, and which mails were not sent for that reason."""

import sqlalchemy as sa
from alembic import op

revision = "0137"
down_revision = "0136"
branch_labels = None
depends_on = None

TABLES = ("contacts", "accounts", "delivery_failures")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_column(table, "gone_at")
