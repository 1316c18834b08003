"""Keep of each file of open data which event was the last before it was read: events are numbered as they commit."""

import sqlalchemy as sa
from alembic import op

revision = "0103"
down_revision = "0102"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Of files that are there already it is not known: 0 ends them as soon as anything was ever taken back.
    op.add_column(
        "open_data_files", sa.Column("last_event", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("open_data_files", "last_event")
