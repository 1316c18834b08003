"""Keep which news went out in the mail of the week, so that an erratum reaches who read it there."""

import sqlalchemy as sa
from alembic import op

revision = "0134"
down_revision = "0133"
branch_labels = None
depends_on = None
needs_stop = True  # a worker of before would send an empty mail of the week about what was told already


def upgrade() -> None:
    op.add_column("digest_items", sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM digest_items WHERE mailed_at IS NOT NULL")
    op.drop_column("digest_items", "mailed_at")
