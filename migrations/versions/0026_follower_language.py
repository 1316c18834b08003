"""The language in which somebody follows a ruimtewijzer or a rule bottleneck; the mails go out in it."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("guide_followers", "bottleneck_followers"):
        op.add_column(table, sa.Column("language", sa.String(), server_default="nl", nullable=False))


def downgrade() -> None:
    for table in ("bottleneck_followers", "guide_followers"):
        op.drop_column(table, "language")
