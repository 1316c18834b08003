"""Edits of the law catalogue that say the same in other words."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "catalogue_edits", sa.Column("keeps_meaning", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("catalogue_edits", "keeps_meaning")
