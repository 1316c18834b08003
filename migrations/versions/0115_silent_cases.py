"""List what lies silent by the last day of open cases."""

import sqlalchemy as sa
from alembic import op

revision = "0115"
down_revision = "0114"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_cases_open_silent", "cases"
IS_OPEN = (
    "status IN ('aanvulling_gevraagd', 'heroverweging', 'in_behandeling', 'in_triage', 'ingediend', 'uitgezet', "
    "'voorstel')"
)


def upgrade() -> None:
    op.create_index(NAME, TABLE, ["last_event_on", "id"], postgresql_where=sa.text(IS_OPEN))


def downgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
