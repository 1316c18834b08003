"""A closed case that another handler looks at again: what was missed, who handled it first, and what came of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_looks",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("by_submitter", sa.Boolean(), nullable=False),
        sa.Column("points", JSONB(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closing_handler_id", sa.BigInteger(), nullable=True),
        sa.Column("closing_reviewer_id", sa.BigInteger(), nullable=True),
        sa.Column("named_on", sa.Date(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "blijft",
                "anders",
                "deels_anders",
                name="secondlookoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("answers", JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_second_looks_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["closing_handler_id"], ["accounts.id"], name=op.f("fk_second_looks_closing_handler_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["closing_reviewer_id"], ["accounts.id"], name=op.f("fk_second_looks_closing_reviewer_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_looks")),
    )
    op.create_index("ix_second_looks_case", "second_looks", ["case_id", "id"])
    op.create_index(
        "uq_second_looks_one_open",
        "second_looks",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.add_column("cases", sa.Column("first_handler_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_cases_first_handler_id_accounts"), "cases", "accounts", ["first_handler_id"], ["id"])


def downgrade() -> None:
    """What was missed, the answers, the outcomes and who handled a case first are lost.

    A case that is looked at again is closed again as it was, with who handled it first; its term stops today and what
    waits in it for the head of desk is taken back. Whoever asked for the second look has to be told by hand.
    """
    op.execute(
        "UPDATE reviews SET status = 'ingetrokken', decided_at = now()"
        " WHERE status = 'open' AND case_id IN (SELECT id FROM cases WHERE status = 'heroverweging')"
    )
    op.execute(
        "UPDATE clock_periods SET stopped_on = (now() AT TIME ZONE 'Europe/Amsterdam')::date"
        " WHERE clock = 'K8' AND stopped_on IS NULL"
        " AND case_id IN (SELECT id FROM cases WHERE status = 'heroverweging')"
    )
    op.execute(
        "UPDATE cases SET status = 'afgesloten', handler_id = coalesce(first_handler_id, handler_id),"
        " due_on = NULL, due_clock = NULL WHERE status = 'heroverweging'"
    )
    op.drop_constraint(op.f("fk_cases_first_handler_id_accounts"), "cases", type_="foreignkey")
    op.drop_column("cases", "first_handler_id")
    op.drop_table("second_looks")
