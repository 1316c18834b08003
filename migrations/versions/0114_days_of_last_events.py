"""Tell of each case from its events on which day something happened last; of one without events, when it came in.

A thousand cases at a time, each time in a transaction of its own: who acts on a case waits for its thousand at most.
When it is killed half way it can be run again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0114"
down_revision = "0113"
branch_labels = None
depends_on = None

AT_ONCE = 1000
FILL = sa.text(
    "UPDATE cases SET last_event_on = coalesce("
    "(SELECT max(happened_on) FROM events WHERE events.case_id = cases.id), cases.filed_on)"
    " WHERE id >= :first AND id < :beyond"
)


def upgrade() -> None:
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        last = connection.scalar(sa.text("SELECT max(id) FROM cases")) or 0
        for first in range(1, last + 1, AT_ONCE):
            connection.execute(FILL, {"first": first, "beyond": first + AT_ONCE})


def downgrade() -> None:
    """The days go with their column."""
