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
    _start_for_accepted_proposals()


def _start_for_accepted_proposals() -> None:
    """Cases whose proposal was accepted before get the term too, from the day of that reaction.

    The last day of 10 working days is 14 days later here. Where a holiday falls in between, the real one is a little
    later: SQL does not know the holidays. The site counts it anew as soon as the run changes.
    """
    op.execute(
        """
        INSERT INTO clock_periods (case_id, clock, started_on, length, unit, due_on)
        SELECT cases.id, 'afsluiting', last.reacted_on, 10, 'werkdagen', last.reacted_on + 14
        FROM cases
        JOIN LATERAL (
            SELECT status, reacted_on FROM proposals WHERE case_id = cases.id ORDER BY id DESC LIMIT 1
        ) AS last ON last.status = 'aanvaard' AND last.reacted_on IS NOT NULL
        WHERE cases.status = 'voorstel'
        """
    )
    op.execute(
        """
        UPDATE cases SET due_on = run.due_on, due_clock = run.clock
        FROM clock_periods AS run
        WHERE run.case_id = cases.id AND run.clock = 'afsluiting'
            AND (cases.due_on IS NULL OR cases.due_on > run.due_on)
        """
    )


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
