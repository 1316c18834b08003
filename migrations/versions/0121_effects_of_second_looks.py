"""Count what second looks changed: the fourth version of the ledger's rules.

A site with cases makes its ledger again; one without has nothing to make again.
"""

from alembic import op

revision = "0121"
down_revision = "0120"
branch_labels = None
depends_on = None
needs_stop = True  # servers of before would take these facts of a case away at its next act


def upgrade() -> None:
    op.execute("UPDATE ledger_builds SET version = 4 WHERE NOT EXISTS (SELECT FROM cases)")


def downgrade() -> None:
    op.execute("UPDATE ledger_builds SET version = 3 WHERE NOT EXISTS (SELECT FROM cases)")
