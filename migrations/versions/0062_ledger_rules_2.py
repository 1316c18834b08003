"""A site without cases has nothing to make again: its ledger is by the second version of the rules at once."""

from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE ledger_builds SET version = 2 WHERE NOT EXISTS (SELECT FROM cases)")


def downgrade() -> None:
    op.execute("UPDATE ledger_builds SET version = 1 WHERE NOT EXISTS (SELECT FROM cases)")
