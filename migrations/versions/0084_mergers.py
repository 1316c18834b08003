"""Mergers of municipalities: planned by two administrators, carried out on their day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None

STATUSES = ("voorgesteld", "gepland", "uitgevoerd", "afgewezen", "ingetrokken")


def upgrade() -> None:
    op.create_table(
        "mergers",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("province_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger()),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("status", sa.Enum(*STATUSES, name="mergerstatus", native_enum=False, length=40), nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by_id", sa.BigInteger()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("followed", postgresql.JSONB()),
        sa.CheckConstraint(sa.column("status").in_(STATUSES), name=op.f("ck_mergers_mergerstatus")),
        sa.CheckConstraint("decided_by_id <> proposed_by_id", name=op.f("ck_mergers_four_eyes")),
        sa.CheckConstraint("(status = 'uitgevoerd') = (done_at IS NOT NULL)", name=op.f("ck_mergers_done")),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.id"], name=op.f("fk_mergers_province_id_provinces")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_mergers_municipality_id_municipalities")
        ),
        *(
            sa.ForeignKeyConstraint([column], ["accounts.id"], name=op.f(f"fk_mergers_{column}_accounts"))
            for column in ("proposed_by_id", "decided_by_id", "ended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mergers")),
    )
    op.create_index("ix_mergers_due", "mergers", ["day"], postgresql_where=sa.text("status = 'gepland'"))
    op.create_table(
        "merger_municipalities",
        sa.Column("merger_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merger_id"], ["mergers.id"], name=op.f("fk_merger_municipalities_merger_id_mergers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_merger_municipalities_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("merger_id", "municipality_id", name=op.f("pk_merger_municipalities")),
    )
    op.create_index(op.f("ix_merger_municipalities_municipality_id"), "merger_municipalities", ["municipality_id"])
    op.create_table(
        "merger_exceptions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("merger_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger()),
        sa.Column("case_id", sa.BigInteger()),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("num_nonnulls(account_id, case_id) = 1", name=op.f("ck_merger_exceptions_one")),
        sa.ForeignKeyConstraint(
            ["merger_id"], ["mergers.id"], name=op.f("fk_merger_exceptions_merger_id_mergers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_merger_exceptions_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_merger_exceptions_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipalities.id"],
            name=op.f("fk_merger_exceptions_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merger_exceptions")),
    )
    op.create_index(op.f("ix_merger_exceptions_merger_id"), "merger_exceptions", ["merger_id"])


def downgrade() -> None:
    op.drop_table("merger_exceptions")
    op.drop_table("merger_municipalities")
    op.drop_table("mergers")
