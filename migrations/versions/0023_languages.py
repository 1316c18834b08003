"""The language in which a draft is written and a case was filed; mails to the submitter follow it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("drafts", "cases"):
        op.add_column(table, sa.Column("language", sa.String(), server_default="nl", nullable=False))


def downgrade() -> None:
    for table in ("cases", "drafts"):
        op.drop_column(table, "language")
