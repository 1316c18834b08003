"""Keep apart what a request to seal saw of the promises, so that it can be said whether those moved or the figures.

A request of before saw no promises, and is asked anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0127"
down_revision = "0126"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("quarter_sealings", sa.Column("promises_digest", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("quarter_sealings", "promises_digest")
