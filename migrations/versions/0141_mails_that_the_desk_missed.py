"""Keep since when a colleague or a ministry missed a mail that reached nobody, until somebody settled it.

Mails of before stay as they were: what was given up is in the list of outgoing mail.
"""

import sqlalchemy as sa
from alembic import op

revision = "0141"
down_revision = "0140"
branch_labels = None
depends_on = None

NAME = "ix_outbox_missed"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(NAME, "outbox", ["id"], postgresql_where=sa.text("missed_at IS NOT NULL"))


def downgrade() -> None:
    op.drop_index(NAME, "outbox")
    op.drop_column("outbox", "missed_at")
