"""Who took a file away from a case, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attachments", sa.Column("removed_by_id", sa.BigInteger(), nullable=True))
    op.add_column("attachments", sa.Column("removed_reason", sa.String(), nullable=True))
    op.create_foreign_key(
        op.f("fk_attachments_removed_by_id_accounts"), "attachments", "accounts", ["removed_by_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_attachments_removed_by_id_accounts"), "attachments")
    op.drop_column("attachments", "removed_reason")
    op.drop_column("attachments", "removed_by_id")
