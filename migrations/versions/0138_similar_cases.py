"""Keep of each published case which others are like it: until now each visit found them anew.

A list that changes counts as a change of what is public. One that is found for the first time does not: until then the
page found the same.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0138"
down_revision = "0137"
branch_labels = None
depends_on = None

TABLE = "similar_cases"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("others", postgresql.ARRAY(sa.BigInteger()), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["published_cases.case_id"],
            name=op.f(f"fk_{TABLE}_case_id_published_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f(f"pk_{TABLE}")),
    )
    op.execute(
        "INSERT INTO similar_cases (case_id, due_at)"
        " SELECT case_id, now() FROM published_cases WHERE withdrawn_on IS NULL"
    )
    op.create_index(f"ix_{TABLE}_due", TABLE, ["due_at", "case_id"])
    op.execute(
        f"CREATE CONSTRAINT TRIGGER {TABLE}_are_public AFTER UPDATE OF others ON {TABLE} DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW WHEN (OLD.others <> NEW.others) EXECUTE FUNCTION note_public_change()"
    )


def downgrade() -> None:
    op.drop_table(TABLE)
