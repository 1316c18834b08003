"""Narrow what is open to a law or a province without passing all cases that ever named it."""

import sqlalchemy as sa
from alembic import op

revision = "0116"
down_revision = "0115"
branch_labels = None
depends_on = None

TABLE = "cases"
INDEXES = {"ix_cases_open_law": "main_law_id", "ix_cases_open_province": "province_id"}
IS_OPEN = (
    "status IN ('aanvulling_gevraagd', 'heroverweging', 'in_behandeling', 'in_triage', 'ingediend', 'uitgezet', "
    "'voorstel')"
)


def upgrade() -> None:
    for name, column in INDEXES.items():
        op.create_index(name, TABLE, [column, "id"], postgresql_where=sa.text(IS_OPEN))


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name=TABLE)
