"""Acts on several cases at once, from their preview to what became of each case."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

KINDS = ("toewijzen", "label", "koppelen", "prioriteit", "bericht")
PRIORITIES = ("hoog", "normaal")
OUTCOMES = ("gedaan", "overgeslagen")
REACHES = ("mail", "brief", "pagina", "niemand")


def _list(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "bulk_acts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", _list("bulkkind", *KINDS), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("handler_id", sa.BigInteger(), nullable=True),
        sa.Column("label_id", sa.BigInteger(), nullable=True),
        sa.Column("bottleneck_id", sa.BigInteger(), nullable=True),
        sa.Column("priority", _list("priority", *PRIORITIES), nullable=True),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'toewijzen') <= (handler_id IS NOT NULL)", name=op.f("ck_bulk_acts_assign_has_handler")
        ),
        sa.CheckConstraint("(kind = 'label') <= (label_id IS NOT NULL)", name=op.f("ck_bulk_acts_label_has_label")),
        sa.CheckConstraint(
            "(kind = 'koppelen') <= (bottleneck_id IS NOT NULL)", name=op.f("ck_bulk_acts_link_has_bottleneck")
        ),
        sa.CheckConstraint(
            "(kind = 'prioriteit') <= (priority IS NOT NULL)", name=op.f("ck_bulk_acts_priority_has_priority")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_bulk_acts_author_id_accounts")),
        sa.ForeignKeyConstraint(["handler_id"], ["accounts.id"], name=op.f("fk_bulk_acts_handler_id_accounts")),
        sa.ForeignKeyConstraint(["label_id"], ["labels.id"], name=op.f("fk_bulk_acts_label_id_labels")),
        sa.ForeignKeyConstraint(
            ["bottleneck_id"], ["bottlenecks.id"], name=op.f("fk_bulk_acts_bottleneck_id_bottlenecks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_acts")),
    )
    op.create_index(op.f("ix_bulk_acts_prepared_at"), "bulk_acts", ["prepared_at"])
    op.create_index(
        "ix_bulk_acts_at_work",
        "bulk_acts",
        ["id"],
        postgresql_where=sa.text("confirmed_at IS NOT NULL AND finished_at IS NULL"),
    )
    op.create_table(
        "bulk_cases",
        sa.Column("bulk_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("left_out", sa.String(), nullable=True),
        sa.Column("reach", _list("reach", *REACHES), nullable=True),
        sa.Column("outcome", _list("bulkoutcome", *OUTCOMES), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("version_after", sa.BigInteger(), nullable=True),
        sa.Column("handler_before_id", sa.BigInteger(), nullable=True),
        sa.Column("priority_before", _list("priority_before", *PRIORITIES), nullable=True),
        sa.Column("reason_before", sa.String(), nullable=True),
        sa.Column("undo_outcome", _list("undo_outcome", *OUTCOMES), nullable=True),
        sa.Column("undo_remark", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["bulk_id"], ["bulk_acts.id"], name=op.f("fk_bulk_cases_bulk_id_bulk_acts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_bulk_cases_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["handler_before_id"], ["accounts.id"], name=op.f("fk_bulk_cases_handler_before_id_accounts")
        ),
        sa.PrimaryKeyConstraint("bulk_id", "case_id", name=op.f("pk_bulk_cases")),
    )
    op.create_index(op.f("ix_bulk_cases_case_id"), "bulk_cases", ["case_id"])


def downgrade() -> None:
    op.drop_table("bulk_cases")
    op.drop_table("bulk_acts")
