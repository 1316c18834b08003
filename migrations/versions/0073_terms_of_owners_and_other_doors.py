"""Terms that were fixed numbers can be rows: naming a ministry, sharing, taking over, and after a refusal.

The rows themselves come from the file, as those of every clock do.
"""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

CLOCKS = ("K0", "K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8", "K9", "afsluiting", "aanvulling", "inzage")
NEW = ("toestemming", "overdracht", "na_afwijzing", "eigenaar")
PLACES = (("terms", "clock"), ("term_changes", "clock"), ("clock_periods", "clock"), ("cases", "due_clock"))


def upgrade() -> None:
    for table, column in PLACES:
        _allow(table, column, (*CLOCKS, *NEW))
    op.add_column("bottlenecks", sa.Column("owner_due_on", sa.Date(), nullable=True))
    _move_past_weekends()
    op.alter_column("bottlenecks", "owner_due_on", nullable=False)


def _move_past_weekends() -> None:
    """Thirty days after signalling, or the Monday after that. SQL does not know the holidays."""
    op.execute(
        """
        UPDATE bottlenecks SET owner_due_on = signalled_on + 30
            + CASE extract(isodow FROM signalled_on + 30) WHEN 6 THEN 2 WHEN 7 THEN 1 ELSE 0 END
        """
    )


def downgrade() -> None:
    op.drop_column("bottlenecks", "owner_due_on")
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
