"""Keep of each file of open data with which columns it was made: new ones make it anew."""

import sqlalchemy as sa
from alembic import op

revision = "0132"
down_revision = "0131"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Of files that are there already it is not known: 0 makes them anew on the next day, once.
    op.add_column(
        "open_data_files", sa.Column("columns_version", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("open_data_files", "columns_version")
