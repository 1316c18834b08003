"""Changes of the law, and what each of them may touch."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "law_changes",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "andere_geldigheid",
                "andere_inhoud",
                "opvolger",
                "wetsvoorstel_aangenomen",
                "regelknelpunt_opgelost",
                name="lawchangekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("law_id", sa.BigInteger(), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=True),
        sa.Column("bottleneck_id", sa.BigInteger(), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=True),
        sa.Column("noticed_on", sa.Date(), nullable=False),
        sa.Column("noticed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["bottleneck_id"], ["bottlenecks.id"], name=op.f("fk_law_changes_bottleneck_id_bottlenecks")
        ),
        sa.ForeignKeyConstraint(["law_id"], ["laws.id"], name=op.f("fk_law_changes_law_id_laws")),
        sa.ForeignKeyConstraint(["noticed_by_id"], ["accounts.id"], name=op.f("fk_law_changes_noticed_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provisions.id"], name=op.f("fk_law_changes_provision_id_provisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_changes")),
    )
    op.create_index(op.f("ix_law_changes_law_id"), "law_changes", ["law_id"], unique=False)
    op.create_index(op.f("ix_law_changes_provision_id"), "law_changes", ["provision_id"], unique=False)
    op.create_index(
        "ix_law_changes_recent",
        "law_changes",
        [sa.literal_column("noticed_on DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_table(
        "law_change_touches",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("change_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("guide_id", sa.BigInteger(), nullable=True),
        sa.Column("bottleneck_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "te_beoordelen",
                "geraakt",
                "niet_geraakt",
                name="touchstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(case_id, guide_id, bottleneck_id) = 1", name=op.f("ck_law_change_touches_one_subject")
        ),
        sa.ForeignKeyConstraint(
            ["bottleneck_id"],
            ["bottlenecks.id"],
            name=op.f("fk_law_change_touches_bottleneck_id_bottlenecks"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_law_change_touches_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["law_changes.id"],
            name=op.f("fk_law_change_touches_change_id_law_changes"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_law_change_touches_decided_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["guide_id"], ["guides.id"], name=op.f("fk_law_change_touches_guide_id_guides"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_change_touches")),
    )
    op.create_index(op.f("ix_law_change_touches_case_id"), "law_change_touches", ["case_id"], unique=False)
    op.create_index(
        "ix_law_change_touches_open",
        "law_change_touches",
        ["change_id", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'te_beoordelen'"),
    )
    op.create_index("uq_law_change_touches_case", "law_change_touches", ["change_id", "case_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_law_change_touches_case", table_name="law_change_touches")
    op.drop_index(
        "ix_law_change_touches_open",
        table_name="law_change_touches",
        postgresql_where=sa.text("status = 'te_beoordelen'"),
    )
    op.drop_index(op.f("ix_law_change_touches_case_id"), table_name="law_change_touches")
    op.drop_table("law_change_touches")
    op.drop_index("ix_law_changes_recent", table_name="law_changes")
    op.drop_index(op.f("ix_law_changes_provision_id"), table_name="law_changes")
    op.drop_index(op.f("ix_law_changes_law_id"), table_name="law_changes")
    op.drop_table("law_changes")
