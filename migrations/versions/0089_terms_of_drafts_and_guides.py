"""The terms of drafts, of guides and of their use can be rows; the rows themselves come from the file."""

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None

CLOCKS = ("K0", "K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8", "K9", "afsluiting", "aanvulling", "inzage")
CLOCKS += ("toestemming", "overdracht", "na_afwijzing", "eigenaar")
NEW = ("concept", "hercontrole", "gebruik")
PLACES = (("terms", "clock"), ("term_changes", "clock"), ("clock_periods", "clock"), ("cases", "due_clock"))


def upgrade() -> None:
    for table, column in PLACES:
        _allow(table, column, (*CLOCKS, *NEW))


def downgrade() -> None:
    for table in ("term_changes", "terms"):
        op.execute(
            sa.text(f"DELETE FROM {table} WHERE clock IN :clocks").bindparams(  # noqa: S608 - a fixed name
                sa.bindparam("clocks", NEW, expanding=True)
            )
        )
    for table, column in PLACES:
        _allow(table, column, CLOCKS)


def _allow(table: str, column: str, clocks: tuple[str, ...]) -> None:
    name = op.f(f"ck_{table}_clock")
    op.drop_constraint(name, table)
    op.create_check_constraint(name, table, sa.column(column).in_(clocks))
