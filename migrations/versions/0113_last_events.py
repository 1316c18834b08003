"""Keep with a case the last day on which something happened, so that a list of what lies silent reads cases alone."""

import sqlalchemy as sa
from alembic import op

revision = "0113"
down_revision = "0112"
branch_labels = None
depends_on = None

NAME, TABLE, COLUMN = "ix_cases_open_silent", "cases", "last_event_on"
IS_OPEN = (
    "status IN ('aanvulling_gevraagd', 'heroverweging', 'in_behandeling', 'in_triage', 'ingediend', 'uitgezet', "
    "'voorstel')"
)


def upgrade() -> None:
    # Servers of before, which do not know the column, file on meanwhile.
    op.add_column(TABLE, sa.Column(COLUMN, sa.Date(), server_default=sa.func.current_date(), nullable=False))
    op.execute(
        "UPDATE cases SET last_event_on = coalesce("
        "(SELECT max(happened_on) FROM events WHERE events.case_id = cases.id), cases.filed_on)"
    )
    op.create_index(NAME, TABLE, [COLUMN, "id"], postgresql_where=sa.text(IS_OPEN))


def downgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
    op.drop_column(TABLE, COLUMN)
