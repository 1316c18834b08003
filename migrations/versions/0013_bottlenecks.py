"""Rule bottlenecks: the rule, its cases, its news and its followers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bottleneck_numbers",
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_bottleneck_numbers")),
    )
    op.create_table(
        "bottlenecks",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "gesignaleerd",
                "in_analyse",
                "keuze_gemaakt",
                "in_voorbereiding",
                "consultatie",
                "behandeling",
                "in_werking",
                "geevalueerd",
                "gerechtvaardigd",
                "opgegaan_in",
                name="bottleneckstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "choice",
            sa.Enum(
                "handreiking",
                "andere_uitvoeringspraktijk",
                "experiment",
                "ministeriele_regeling",
                "amvb",
                "wetsvoorstel",
                "europese_route",
                "regel_blijft",
                name="bottleneckchoice",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("choice_reason", sa.String(), nullable=True),
        sa.Column("waiting_for", sa.String(), nullable=True),
        sa.Column("ministry_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("signalled_by_id", sa.BigInteger(), nullable=True),
        sa.Column("signalled_on", sa.Date(), nullable=False),
        sa.Column("consultation_until", sa.Date(), nullable=True),
        sa.Column("in_force_on", sa.Date(), nullable=True),
        sa.Column("solving_provision_id", sa.BigInteger(), nullable=True),
        sa.Column("merged_into_id", sa.BigInteger(), nullable=True),
        sa.Column("news_due_on", sa.Date(), nullable=True),
        sa.Column("terms", postgresql.TSVECTOR(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'in_werking') <= (in_force_on IS NOT NULL)", name=op.f("ck_bottlenecks_in_force_has_day")
        ),
        sa.CheckConstraint(
            "(status = 'opgegaan_in') = (merged_into_id IS NOT NULL)", name=op.f("ck_bottlenecks_merged_has_target")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["bottlenecks.id"], name=op.f("fk_bottlenecks_merged_into_id_bottlenecks")
        ),
        sa.ForeignKeyConstraint(
            ["ministry_id"], ["organisations.id"], name=op.f("fk_bottlenecks_ministry_id_organisations")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["accounts.id"], name=op.f("fk_bottlenecks_owner_id_accounts")),
        sa.ForeignKeyConstraint(
            ["signalled_by_id"], ["accounts.id"], name=op.f("fk_bottlenecks_signalled_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["solving_provision_id"], ["provisions.id"], name=op.f("fk_bottlenecks_solving_provision_id_provisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bottlenecks")),
        sa.UniqueConstraint("reference", name=op.f("uq_bottlenecks_reference")),
    )
    op.create_index(op.f("ix_bottlenecks_ministry_id"), "bottlenecks", ["ministry_id"], unique=False)
    op.create_index(
        "ix_bottlenecks_news_due_on",
        "bottlenecks",
        ["news_due_on"],
        unique=False,
        postgresql_where=sa.text("news_due_on IS NOT NULL"),
    )
    op.create_index(op.f("ix_bottlenecks_owner_id"), "bottlenecks", ["owner_id"], unique=False)
    op.create_index(
        "ix_bottlenecks_recent",
        "bottlenecks",
        [sa.literal_column("updated_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_bottlenecks_terms", "bottlenecks", ["terms"], unique=False, postgresql_using="gin")
    op.create_table(
        "bottleneck_cases",
        sa.Column("bottleneck_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "voorgesteld",
                "aanvaard",
                "niet_aanvaard",
                name="linkstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("linked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["bottleneck_id"],
            ["bottlenecks.id"],
            name=op.f("fk_bottleneck_cases_bottleneck_id_bottlenecks"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_bottleneck_cases_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_bottleneck_cases_decided_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["linked_by_id"], ["accounts.id"], name=op.f("fk_bottleneck_cases_linked_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("bottleneck_id", "case_id", name=op.f("pk_bottleneck_cases")),
    )
    op.create_index(op.f("ix_bottleneck_cases_case_id"), "bottleneck_cases", ["case_id"], unique=False)
    op.create_table(
        "bottleneck_followers",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("bottleneck_id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bottleneck_id"],
            ["bottlenecks.id"],
            name=op.f("fk_bottleneck_followers_bottleneck_id_bottlenecks"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bottleneck_followers")),
        sa.UniqueConstraint("bottleneck_id", "email", name=op.f("uq_bottleneck_followers_bottleneck_id_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bottleneck_followers_public_id")),
    )
    op.create_index(op.f("ix_bottleneck_followers_ends_on"), "bottleneck_followers", ["ends_on"], unique=False)
    op.create_table(
        "bottleneck_news",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("bottleneck_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "gesignaleerd",
                "in_analyse",
                "keuze_gemaakt",
                "in_voorbereiding",
                "consultatie",
                "behandeling",
                "in_werking",
                "geevalueerd",
                "gerechtvaardigd",
                "opgegaan_in",
                name="bottleneckstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_bottleneck_news_author_id_accounts")),
        sa.ForeignKeyConstraint(
            ["bottleneck_id"],
            ["bottlenecks.id"],
            name=op.f("fk_bottleneck_news_bottleneck_id_bottlenecks"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bottleneck_news")),
    )
    op.create_index("ix_bottleneck_news_bottleneck", "bottleneck_news", ["bottleneck_id", "id"], unique=False)
    op.create_table(
        "bottleneck_provisions",
        sa.Column("bottleneck_id", sa.BigInteger(), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "belemmert", "biedt_ruimte", name="assessmentrole", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["bottleneck_id"],
            ["bottlenecks.id"],
            name=op.f("fk_bottleneck_provisions_bottleneck_id_bottlenecks"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provisions.id"], name=op.f("fk_bottleneck_provisions_provision_id_provisions")
        ),
        sa.PrimaryKeyConstraint("bottleneck_id", "provision_id", name=op.f("pk_bottleneck_provisions")),
    )
    op.create_index(
        op.f("ix_bottleneck_provisions_provision_id"), "bottleneck_provisions", ["provision_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_bottleneck_provisions_provision_id"), table_name="bottleneck_provisions")
    op.drop_table("bottleneck_provisions")
    op.drop_index("ix_bottleneck_news_bottleneck", table_name="bottleneck_news")
    op.drop_table("bottleneck_news")
    op.drop_index(op.f("ix_bottleneck_followers_ends_on"), table_name="bottleneck_followers")
    op.drop_table("bottleneck_followers")
    op.drop_index(op.f("ix_bottleneck_cases_case_id"), table_name="bottleneck_cases")
    op.drop_table("bottleneck_cases")
    op.drop_index("ix_bottlenecks_terms", table_name="bottlenecks", postgresql_using="gin")
    op.drop_index("ix_bottlenecks_recent", table_name="bottlenecks")
    op.drop_index(op.f("ix_bottlenecks_owner_id"), table_name="bottlenecks")
    op.drop_index(
        "ix_bottlenecks_news_due_on", table_name="bottlenecks", postgresql_where=sa.text("news_due_on IS NOT NULL")
    )
    op.drop_index(op.f("ix_bottlenecks_ministry_id"), table_name="bottlenecks")
    op.drop_table("bottlenecks")
    op.drop_table("bottleneck_numbers")
