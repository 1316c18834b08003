"""The text of a sealed quarter: its state, its sections, and every version that was kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quarter_texts",
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "datacontrole",
                "verzegeld",
                "tekst",
                "akkoord",
                "aangeboden",
                "erratum",
                name="quarterstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("begun_by_id", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bottleneck_id", sa.BigInteger(), nullable=True),
        sa.Column("bottleneck_why", sa.String(), nullable=True),
        sa.Column("findings", postgresql.JSONB(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("approved_by_id", sa.BigInteger(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen", postgresql.JSONB(), nullable=True),
        sa.Column("passed", postgresql.JSONB(), nullable=False),
        sa.Column("pass_reason", sa.String(), nullable=True),
        sa.Column("presented_on", sa.Date(), nullable=True),
        sa.Column("presented_by_id", sa.BigInteger(), nullable=True),
        sa.Column("paper", sa.String(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'aangeboden') = (presented_on IS NOT NULL)", name=op.f("ck_quarter_texts_presented")
        ),
        sa.CheckConstraint("(status = 'tekst') = (approved_at IS NULL)", name=op.f("ck_quarter_texts_approved")),
        sa.CheckConstraint("approved_by_id <> asked_by_id", name=op.f("ck_quarter_texts_four_eyes")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["accounts.id"], name=op.f("fk_quarter_texts_approved_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["accounts.id"], name=op.f("fk_quarter_texts_asked_by_id_accounts")),
        sa.ForeignKeyConstraint(["begun_by_id"], ["accounts.id"], name=op.f("fk_quarter_texts_begun_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["bottleneck_id"], ["bottlenecks.id"], name=op.f("fk_quarter_texts_bottleneck_id_bottlenecks")
        ),
        sa.ForeignKeyConstraint(
            ["presented_by_id"], ["accounts.id"], name=op.f("fk_quarter_texts_presented_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["quarter"], ["quarter_seals.quarter"], name=op.f("fk_quarter_texts_quarter_quarter_seals")
        ),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_quarter_texts")),
    )
    op.create_table(
        "quarter_sections",
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column(
            "section",
            sa.Enum(
                "aanleiding",
                "kwartaal",
                "cijfers",
                "knelpunt",
                "wetten",
                "regelknelpunten",
                "toezeggingen",
                "vooruitblik",
                name="section",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["accounts.id"], name=op.f("fk_quarter_sections_changed_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["quarter"], ["quarter_texts.quarter"], name=op.f("fk_quarter_sections_quarter_quarter_texts")
        ),
        sa.PrimaryKeyConstraint("quarter", "section", name=op.f("pk_quarter_sections")),
    )
    op.create_table(
        "quarter_section_versions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column(
            "section",
            sa.Enum(
                "aanleiding",
                "kwartaal",
                "cijfers",
                "knelpunt",
                "wetten",
                "regelknelpunten",
                "toezeggingen",
                "vooruitblik",
                name="section",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("saved_by_id", sa.BigInteger(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["quarter"], ["quarter_texts.quarter"], name=op.f("fk_quarter_section_versions_quarter_quarter_texts")
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["accounts.id"], name=op.f("fk_quarter_section_versions_saved_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_section_versions")),
    )
    op.create_index(
        "ix_quarter_section_versions_section", "quarter_section_versions", ["quarter", "section", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("quarter_section_versions")
    op.drop_table("quarter_sections")
    op.drop_table("quarter_texts")
