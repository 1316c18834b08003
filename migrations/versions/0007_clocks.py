"""Terms, and the clocks of a case with their suspensions."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "terms",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column(
            "clock",
            sa.Enum(
                "K0",
                "K1",
                "K2",
                "K3",
                "K4",
                "K5",
                "K6",
                "K7",
                "K8",
                "K9",
                "aanvulling",
                "inzage",
                name="clock",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "werkdagen",
                "dagen",
                "weken",
                "maanden",
                name="unit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("may_be_suspended", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("clock", "valid_from", "length", name=op.f("uq_terms_clock_valid_from_length")),
    )
    op.create_table(
        "clock_periods",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "clock",
            sa.Enum(
                "K0",
                "K1",
                "K2",
                "K3",
                "K4",
                "K5",
                "K6",
                "K7",
                "K8",
                "K9",
                "aanvulling",
                "inzage",
                name="clock",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "werkdagen",
                "dagen",
                "weken",
                "maanden",
                name="unit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_clock_periods_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_periods")),
    )
    op.create_index("ix_clock_periods_case", "clock_periods", ["case_id", "id"], unique=False)
    op.create_index(
        "ix_clock_periods_due",
        "clock_periods",
        ["clock", "due_on"],
        unique=False,
        postgresql_where=sa.text("due_on IS NOT NULL"),
    )
    op.create_index("ix_clock_periods_stopped", "clock_periods", ["stopped_on", "clock"], unique=False)
    op.create_table(
        "clock_suspensions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("period_id", sa.BigInteger(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"],
            ["clock_periods.id"],
            name=op.f("fk_clock_suspensions_period_id_clock_periods"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_suspensions")),
    )
    op.create_index(op.f("ix_clock_suspensions_period_id"), "clock_suspensions", ["period_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_clock_suspensions_period_id"), table_name="clock_suspensions")
    op.drop_table("clock_suspensions")
    op.drop_index("ix_clock_periods_stopped", table_name="clock_periods")
    op.drop_index("ix_clock_periods_due", table_name="clock_periods", postgresql_where=sa.text("due_on IS NOT NULL"))
    op.drop_index("ix_clock_periods_case", table_name="clock_periods")
    op.drop_table("clock_periods")
    op.drop_table("terms")
