"""The dated law catalogue."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "law_successions",
        sa.Column("predecessor_key", sa.String(), nullable=False),
        sa.Column("successor_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("predecessor_key", "successor_key", name=op.f("pk_law_successions")),
    )
    op.create_table(
        "laws",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("citation_title", sa.String(), nullable=False),
        sa.Column("abbreviation", sa.String(), nullable=True),
        sa.Column("bwb_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("ministry", sa.String(), nullable=True),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("in_force_to", sa.Date(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("confidence", sa.String(), nullable=False),
        sa.Column("case_keys", postgresql.JSONB(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("in_force_to >= in_force_from", name=op.f("ck_laws_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_laws")),
        sa.UniqueConstraint("key", name=op.f("uq_laws_key")),
    )
    op.create_table(
        "provisions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("law_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("room_type", sa.String(), nullable=False),
        sa.Column("room_order", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("start_is_known", sa.Boolean(), nullable=False),
        sa.Column("end_is_known", sa.Boolean(), nullable=False),
        sa.Column("text_checked_from", sa.Date(), nullable=True),
        sa.Column("confidence", sa.String(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_provisions_period")),
        sa.ForeignKeyConstraint(["law_id"], ["laws.id"], name=op.f("fk_provisions_law_id_laws")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provisions")),
        sa.UniqueConstraint("key", name=op.f("uq_provisions_key")),
    )
    op.create_index(op.f("ix_provisions_law_id"), "provisions", ["law_id"], unique=False)
    op.create_table(
        "provision_successions",
        sa.Column("predecessor_id", sa.BigInteger(), nullable=False),
        sa.Column("successor_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["provisions.id"], name=op.f("fk_provision_successions_predecessor_id_provisions")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["provisions.id"], name=op.f("fk_provision_successions_successor_id_provisions")
        ),
        sa.PrimaryKeyConstraint("predecessor_id", "successor_id", name=op.f("pk_provision_successions")),
    )
    op.create_index(
        op.f("ix_provision_successions_successor_id"), "provision_successions", ["successor_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_provision_successions_successor_id"), table_name="provision_successions")
    op.drop_table("provision_successions")
    op.drop_index(op.f("ix_provisions_law_id"), table_name="provisions")
    op.drop_table("provisions")
    op.drop_table("laws")
    op.drop_table("law_successions")
