"""Let several differences between ministries wait for the head of the desk in one case."""

import sqlalchemy as sa
from alembic import op

revision = "0129"
down_revision = "0128"
branch_labels = None
depends_on = None

OLD, NEW, TABLE = "uq_disagreements_one_open", "ix_disagreements_open", "disagreements"
OPEN = sa.text("decided_at IS NULL")


def upgrade() -> None:
    op.create_index(NEW, TABLE, ["case_id"], postgresql_where=OPEN)
    op.drop_index(OLD, table_name=TABLE)


def downgrade() -> None:
    """Of several that wait in a case only the oldest stays; the older code knows one."""
    op.execute(
        "DELETE FROM disagreements AS one USING disagreements AS older "
        "WHERE one.case_id = older.case_id AND older.id < one.id "
        "AND one.decided_at IS NULL AND older.decided_at IS NULL"
    )
    op.create_index(OLD, TABLE, ["case_id"], unique=True, postgresql_where=OPEN)
    op.drop_index(NEW, table_name=TABLE)
