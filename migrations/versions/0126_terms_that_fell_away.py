"""Tell a term that fell away from one that was kept: a letter that nobody owes any more is no promise that was kept.

What stopped before counts as it was counted.
"""

import sqlalchemy as sa
from alembic import op

revision = "0126"
down_revision = "0125"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clock_periods", sa.Column("fell_away", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("clock_periods", "fell_away")
