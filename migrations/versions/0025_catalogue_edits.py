"""Edits of the law catalogue that two administrators make, and which entries are ahead of the file."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_edits",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("wet", "bepaling", name="entrykind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.Column("base_digest", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "voorgesteld",
                "vastgesteld",
                "teruggegeven",
                "ingetrokken",
                name="editstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by_id", sa.BigInteger(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("neighbour_keys", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("(status = 'voorgesteld') = (decided_at IS NULL)", name=op.f("ck_catalogue_edits_decided")),
        sa.CheckConstraint(
            "status IN ('voorgesteld', 'ingetrokken') OR decided_by_id <> proposed_by_id",
            name=op.f("ck_catalogue_edits_four_eyes"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_catalogue_edits_decided_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["accounts.id"], name=op.f("fk_catalogue_edits_proposed_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_edits")),
    )
    op.create_index("ix_catalogue_edits_entry", "catalogue_edits", ["kind", "key", "id"], unique=False)
    op.create_index(
        "uq_catalogue_edits_waiting",
        "catalogue_edits",
        ["kind", "key"],
        unique=True,
        postgresql_where=sa.text("status = 'voorgesteld'"),
    )
    for table in ("laws", "provisions"):
        op.add_column(table, sa.Column("is_ahead_of_file", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    for table in ("provisions", "laws"):
        op.drop_column(table, "is_ahead_of_file")
    op.drop_table("catalogue_edits")
