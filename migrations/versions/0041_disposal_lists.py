"""Until when each case is kept, and the lists of what is destroyed or transferred."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

DISPOSITIONS = ("vernietigen", "overbrengen")
GROUNDS = ("juridische_procedure", "woo_verzoek", "anders")
STATUSES = ("open", "eenmaal_bevestigd", "bevestigd", "uitgevoerd")
LISTED = ("op_de_lijst", "eraf_gehaald", "uitgevoerd")


def _list(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _link(table: str, column: str, other: str, **more: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), **more)


def upgrade() -> None:
    op.create_table(
        "retentions",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("action_on", sa.Date(), nullable=False),
        sa.Column("chosen_by_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("hold_ground", _list("holdground", *GROUNDS), nullable=True),
        sa.Column("hold_until", sa.Date(), nullable=True),
        sa.Column("hold_reason", sa.String(), nullable=True),
        sa.Column("held_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(hold_until IS NULL) = (hold_ground IS NULL)", name=op.f("ck_retentions_hold_has_ground")),
        _link("retentions", "case_id", "cases", ondelete="CASCADE"),
        _link("retentions", "category_id", "retention_categories"),
        _link("retentions", "chosen_by_id", "accounts"),
        _link("retentions", "held_by_id", "accounts"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_retentions")),
    )
    op.create_index("ix_retentions_action", "retentions", ["action_on", "case_id"])
    op.create_index(op.f("ix_retentions_category_id"), "retentions", ["category_id"])
    op.create_table(
        "disposal_lists",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("disposition", _list("disposition", *DISPOSITIONS), nullable=False),
        sa.Column("status", _list("disposalstatus", *STATUSES), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("first_by_id", sa.BigInteger(), nullable=True),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_by_id", sa.BigInteger(), nullable=True),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt_reference", sa.String(), nullable=True),
        sa.Column("receipt_on", sa.Date(), nullable=True),
        sa.Column("received_by_id", sa.BigInteger(), nullable=True),
        sa.Column("package_hash", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("second_by_id <> first_by_id", name=op.f("ck_disposal_lists_two_people")),
        sa.CheckConstraint(
            "(status IN ('bevestigd', 'uitgevoerd')) <= (second_by_id IS NOT NULL)",
            name=op.f("ck_disposal_lists_confirmed_by"),
        ),
        _link("disposal_lists", "first_by_id", "accounts"),
        _link("disposal_lists", "second_by_id", "accounts"),
        _link("disposal_lists", "received_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal_lists")),
    )
    op.create_table(
        "disposal_cases",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("action_on", sa.Date(), nullable=False),
        sa.Column("status", _list("listedstatus", *LISTED), nullable=False),
        sa.Column("taken_off_by_id", sa.BigInteger(), nullable=True),
        sa.Column("taken_off_on", sa.Date(), nullable=True),
        sa.Column("ground", _list("holdground", *GROUNDS), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        _link("disposal_cases", "list_id", "disposal_lists"),
        _link("disposal_cases", "case_id", "cases", ondelete="CASCADE"),
        _link("disposal_cases", "category_id", "retention_categories"),
        _link("disposal_cases", "taken_off_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal_cases")),
        sa.UniqueConstraint("list_id", "case_id", name=op.f("uq_disposal_cases_list_id_case_id")),
    )
    op.create_index(op.f("ix_disposal_cases_case_id"), "disposal_cases", ["case_id"])
    op.create_index(
        "uq_disposal_cases_one_live",
        "disposal_cases",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("status = 'op_de_lijst'"),
    )


def downgrade() -> None:
    op.drop_table("disposal_cases")
    op.drop_table("disposal_lists")
    op.drop_table("retentions")
