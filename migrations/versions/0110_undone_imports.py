"""Keep of which cases the import was undone, so that no figure counts them."""

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0109"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_cases_import_undone", "cases"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("import_undone_on", sa.Date()))
    op.create_index(NAME, TABLE, ["id"], postgresql_where=sa.text("import_undone_on IS NOT NULL"))


def downgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
    op.drop_column(TABLE, "import_undone_on")
