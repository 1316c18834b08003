"""The ledger of the figures: facts of cases and their totals, which the worker makes from the events."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "figure_facts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("law_id", sa.BigInteger(), nullable=True),
        sa.Column("provision_id", sa.BigInteger(), nullable=True),
        sa.Column("article", sa.String(), nullable=True),
        sa.Column("municipality_id", sa.BigInteger(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("clock", sa.String(), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=True),
        sa.Column("days", sa.BigInteger(), nullable=True),
        sa.Column("net", sa.BigInteger(), nullable=True),
        sa.Column("term", sa.BigInteger(), nullable=True),
        sa.Column("what", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_figure_facts_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["law_id"], ["laws.id"], name=op.f("fk_figure_facts_law_id_laws")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_figure_facts_municipality_id_municipalities")
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provisions.id"], name=op.f("fk_figure_facts_provision_id_provisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_facts")),
    )
    op.create_index("ix_figure_facts_case", "figure_facts", ["case_id"], unique=False)
    op.create_index(
        "ix_figure_facts_pressed",
        "figure_facts",
        ["law_id", "provision_id"],
        unique=False,
        postgresql_include=["quarter", "until", "article", "municipality_id"],
        postgresql_where=sa.text("kind = 'knelt'"),
    )
    op.create_index("ix_figure_facts_quarter", "figure_facts", ["kind", "quarter", "case_id"], unique=False)
    op.create_table(
        "figure_totals",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("split", sa.String(), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "split", "quarter", "side", name=op.f("pk_figure_totals")),
    )
    op.create_table(
        "ledger_builds",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_builds_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_builds")),
    )
    # A site without cases has a whole ledger; on any other one the worker makes it.
    op.execute(
        "INSERT INTO ledger_builds (id, version, built_at) SELECT 1, 1, now() WHERE NOT EXISTS (SELECT FROM cases)"
    )


def downgrade() -> None:
    op.drop_table("ledger_builds")
    op.drop_table("figure_totals")
    op.drop_table("figure_facts")
