"""Municipalities that file together: the one that leads names others, which join or decline."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_participants",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "gevraagd",
                "doet_mee",
                "doet_niet_mee",
                name="participantstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "status <> 'doet_mee' OR organisation_id IS NOT NULL", name=op.f("ck_case_participants_joined_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["accounts.id"], name=op.f("fk_case_participants_answered_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_participants_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_case_participants_municipality_id_municipalities")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_case_participants_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_participants")),
        sa.UniqueConstraint("case_id", "municipality_id", name=op.f("uq_case_participants_case_id_municipality_id")),
    )
    op.create_index(op.f("ix_case_participants_ends_on"), "case_participants", ["ends_on"], unique=False)
    op.create_index(
        op.f("ix_case_participants_municipality_id"), "case_participants", ["municipality_id"], unique=False
    )
    op.create_index(
        "ix_case_participants_joined",
        "case_participants",
        ["organisation_id", "case_id"],
        unique=False,
        postgresql_where=sa.text("status = 'doet_mee'"),
    )
    op.add_column(
        "published_cases",
        sa.Column("joined_municipalities", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("published_cases", "joined_municipalities")
    op.drop_table("case_participants")
