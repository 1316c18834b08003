"""Keep the day on which the desk said that a text to which its submitter objected will not be made public."""

import sqlalchemy as sa
from alembic import op

revision = "0128"
down_revision = "0127"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_public_texts_objected", "public_texts"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("kept_back_on", sa.Date(), nullable=True))
    waits = sa.text("objection IS NOT NULL AND kept_back_on IS NULL")
    op.create_index(NAME, TABLE, ["case_id"], postgresql_where=waits)


def downgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
    op.drop_column(TABLE, "kept_back_on")
