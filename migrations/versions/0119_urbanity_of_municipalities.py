"""Know how urban a municipality is by each list of CBS, and count by it: the third version of the ledger's rules.

A site with cases makes its ledger again; one without has nothing to make again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0119"
down_revision = "0118"
branch_labels = None
depends_on = None
needs_stop = True  # servers of before would keep facts of cases without this side, in a ledger that has it

TABLE = "municipality_urbanity"
CLASSES = ("1", "2", "3", "4", "5")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("urbanity", sa.Enum(*CLASSES, name="urbanity", native_enum=False, length=40), nullable=False),
        sa.CheckConstraint(f"urbanity IN {CLASSES}", name=op.f(f"ck_{TABLE}_urbanity")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f(f"fk_{TABLE}_municipality_id_municipalities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("municipality_id", "since", name=op.f(f"uq_{TABLE}_municipality_id_since")),
    )
    op.execute("UPDATE ledger_builds SET version = 3 WHERE NOT EXISTS (SELECT FROM cases)")


def downgrade() -> None:
    op.execute("UPDATE ledger_builds SET version = 2 WHERE NOT EXISTS (SELECT FROM cases)")
    op.drop_table(TABLE)
