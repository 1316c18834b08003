"""Know how large a municipality is, to find others of its size."""

import sqlalchemy as sa
from alembic import op

revision = "0106"
down_revision = "0105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("municipalities", sa.Column("inhabitants", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("municipalities", "inhabitants")
