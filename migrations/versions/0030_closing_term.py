"""A term of its own to close a case after its proposal was accepted."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

CLOCKS = ("K0", "K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8", "K9", "aanvulling", "inzage")
NEW = "afsluiting"


def upgrade() -> None:
    for table, column in (("terms", "clock"), ("clock_periods", "clock"), ("cases", "due_clock")):
        _allow(table, column, (*CLOCKS, NEW))


def downgrade() -> None:
    """The runs of this clock go; the cases in which one runs wait without a term again."""
    op.execute("UPDATE cases SET due_on = NULL, due_clock = NULL WHERE due_clock = 'afsluiting'")
    op.execute("DELETE FROM clock_periods WHERE clock = 'afsluiting'")
    op.execute("DELETE FROM terms WHERE clock = 'afsluiting'")
    for table, column in (("terms", "clock"), ("clock_periods", "clock"), ("cases", "due_clock")):
        _allow(table, column, CLOCKS)


def _allow(table: str, column: str, clocks: tuple[str, ...]) -> None:
    name = op.f(f"ck_{table}_clock")
    op.drop_constraint(name, table)
    op.create_check_constraint(name, table, sa.column(column).in_(clocks))
