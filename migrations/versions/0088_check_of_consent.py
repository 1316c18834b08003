"""A colleague can look after the cases without consent, before a quarter is sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None

TABLE, NAME = "quarter_check_tasks", "ck_quarter_check_tasks_check"


CHECKS = ("antwoord_niet_openbaar", "raadpleging_te_laat", "stil", "zonder_behandelaar", "zonder_oordeel")
NEW = "zonder_toestemming"


def upgrade() -> None:
    _allow(*CHECKS, NEW)


def downgrade() -> None:
    op.execute("DELETE FROM quarter_check_tasks WHERE \"check\" = 'zonder_toestemming'")
    _allow(*CHECKS)


def _allow(*checks: str) -> None:
    op.drop_constraint(op.f(NAME), TABLE, type_="check")
    op.create_check_constraint(op.f(NAME), TABLE, sa.column("check").in_(sorted(checks)))
