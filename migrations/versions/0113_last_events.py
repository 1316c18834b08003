"""Keep with a case the last day on which something happened; until it is filled in, that is today."""

import sqlalchemy as sa
from alembic import op

revision = "0113"
down_revision = "0112"
branch_labels = None
depends_on = None

TABLE, COLUMN = "cases", "last_event_on"


def upgrade() -> None:
    # No row is written for it. Servers of before, which do not know the column, file on meanwhile.
    op.add_column(TABLE, sa.Column(COLUMN, sa.Date(), server_default=sa.func.current_date(), nullable=False))


def downgrade() -> None:
    op.drop_column(TABLE, COLUMN)
