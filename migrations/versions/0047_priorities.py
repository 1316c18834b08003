"""Cases that go before others which are due on the same day, and the order of lists that follows from it."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

DUE_FIRST = sa.literal_column("coalesce(due_on, 'infinity'::date)")
DUE_LAST = sa.literal_column("coalesce(due_on, '-infinity'::date)")
OPEN = (
    "status IN ('aanvulling_gevraagd', 'heroverweging', 'in_behandeling', 'in_triage', 'ingediend', 'uitgezet',"
    " 'voorstel')"
)


def upgrade() -> None:
    listed = sa.Enum("hoog", "normaal", name="priority", native_enum=False, create_constraint=False, length=40)
    op.add_column("cases", sa.Column("priority", listed, nullable=False, server_default="normaal"))
    op.add_column("cases", sa.Column("priority_reason", sa.String(), nullable=True))
    op.create_check_constraint(op.f("ck_cases_priority"), "cases", sa.column("priority").in_(("hoog", "normaal")))
    op.create_check_constraint(
        op.f("ck_cases_priority_has_reason"), "cases", "priority <> 'hoog' OR priority_reason IS NOT NULL"
    )
    op.drop_index("ix_cases_due_first", table_name="cases")
    op.drop_index("ix_cases_due_last", table_name="cases")
    op.create_index("ix_cases_due_first", "cases", [DUE_FIRST, "priority", "id"])
    op.create_index("ix_cases_due_last", "cases", [DUE_LAST, "priority", "id"])
    op.create_index("ix_cases_open_due_first", "cases", [DUE_FIRST, "priority", "id"], postgresql_where=sa.text(OPEN))


def downgrade() -> None:
    op.drop_index("ix_cases_open_due_first", table_name="cases")
    op.drop_index("ix_cases_due_last", table_name="cases")
    op.drop_index("ix_cases_due_first", table_name="cases")
    op.create_index("ix_cases_due_last", "cases", [DUE_LAST, "id"])
    op.create_index("ix_cases_due_first", "cases", [DUE_FIRST, "id"])
    op.drop_constraint(op.f("ck_cases_priority_has_reason"), "cases")
    op.drop_constraint(op.f("ck_cases_priority"), "cases")
    op.drop_column("cases", "priority_reason")
    op.drop_column("cases", "priority")
