"""Indexes by which the tabs of the work list count the open cases alone."""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None

RECENT = (sa.literal_column("updated_at DESC"), sa.literal_column("id DESC"))
OPEN = (
    "status IN ('aanvulling_gevraagd', 'heroverweging', 'in_behandeling', 'in_triage', 'ingediend', 'uitgezet',"
    " 'voorstel')"
)
WAITING = (
    "status IN ('aanvulling_gevraagd', 'voorstel') AND (status = 'aanvulling_gevraagd' OR due_clock <> 'afsluiting')"
)


def upgrade() -> None:
    _open_handler(["status"])
    op.create_index("ix_cases_waiting", "cases", ["id"], postgresql_where=sa.text(WAITING))


def downgrade() -> None:
    op.drop_index("ix_cases_waiting", table_name="cases")
    _open_handler(None)


def _open_handler(included: list[str] | None) -> None:
    op.drop_index("ix_cases_open_handler", table_name="cases")
    op.create_index(
        "ix_cases_open_handler",
        "cases",
        ["handler_id", *RECENT],
        postgresql_where=sa.text(OPEN),
        postgresql_include=included,
    )
