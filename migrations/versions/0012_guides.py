"""Guides (ruimtewijzers): versions, provisions, claims, followers and the questions they answered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guides",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "concept",
                "juridisch_getoetst",
                "publiek",
                "hercontrole_nodig",
                "vervallen",
                name="guidestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("latest_number", sa.BigInteger(), nullable=False),
        sa.Column("published_number", sa.BigInteger(), nullable=True),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("recheck_reason", sa.String(), nullable=True),
        sa.Column("expired_on", sa.Date(), nullable=True),
        sa.Column("expired_reason", sa.String(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("terms", postgresql.TSVECTOR(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('concept', 'juridisch_getoetst')) = (published_number IS NULL)",
            name=op.f("ck_guides_published"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_guides_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guides")),
        sa.UniqueConstraint("slug", name=op.f("uq_guides_slug")),
    )
    op.create_index(op.f("ix_guides_case_id"), "guides", ["case_id"], unique=False)
    op.create_index(
        "ix_guides_review_due",
        "guides",
        ["review_due_on"],
        unique=False,
        postgresql_where=sa.text("status = 'publiek'"),
    )
    op.create_index("ix_guides_terms", "guides", ["terms"], unique=False, postgresql_using="gin")
    op.create_table(
        "guide_versions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("guide_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("short_answer", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("conditions", sa.String(), nullable=False),
        sa.Column("who_decides", sa.String(), nullable=False),
        sa.Column("model_text", sa.String(), nullable=False),
        sa.Column("search_words", sa.String(), nullable=False),
        sa.Column(
            "theme",
            sa.Enum(
                "wonen",
                "leegstand",
                "openbare_ruimte",
                "energie",
                "natuur_en_water",
                "zorg_en_welzijn",
                "onderwijs",
                "werk_en_inkomen",
                "winkels_en_horeca",
                "verkeer_en_vervoer",
                "cultuur_en_sport",
                "veiligheid",
                "anders",
                name="theme",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "room_type",
            sa.Enum(
                "binnen bestaande regels",
                "maatwerk/ontheffing",
                "gebiedsaanwijzing",
                "experimenteerbepaling",
                "wijziging AMvB/regeling nodig",
                "wetswijziging nodig",
                name="roomtype",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("audiences", postgresql.JSONB(), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum(
                "verified", "partly", "memory", name="confidence", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("confidence_note", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("rules", postgresql.JSONB(), nullable=False),
        sa.Column("examples", postgresql.JSONB(), nullable=False),
        sa.Column("sources", postgresql.JSONB(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum("meegeleverd", "loket", name="guideorigin", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("file_digest", sa.String(), nullable=True),
        sa.Column("written_by_id", sa.BigInteger(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("review_remark", sa.String(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["guide_id"], ["guides.id"], name=op.f("fk_guide_versions_guide_id_guides"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["accounts.id"], name=op.f("fk_guide_versions_reviewed_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["accounts.id"], name=op.f("fk_guide_versions_written_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_versions")),
        sa.UniqueConstraint("guide_id", "number", name=op.f("uq_guide_versions_guide_id_number")),
    )
    op.create_table(
        "guide_provisions",
        sa.Column("guide_id", sa.BigInteger(), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guide_id"], ["guides.id"], name=op.f("fk_guide_provisions_guide_id_guides"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provisions.id"], name=op.f("fk_guide_provisions_provision_id_provisions")
        ),
        sa.PrimaryKeyConstraint("guide_id", "provision_id", name=op.f("pk_guide_provisions")),
    )
    op.create_index(op.f("ix_guide_provisions_provision_id"), "guide_provisions", ["provision_id"], unique=False)
    op.create_table(
        "guide_claims",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("guide_id", sa.BigInteger(), nullable=False),
        sa.Column("guide_number", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("claimed_on", sa.Date(), nullable=False),
        sa.Column("ask_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "gelukt", "deels", "niet", name="claimoutcome", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("outcome_reason", sa.String(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_guide_claims_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["guide_id"], ["guides.id"], name=op.f("fk_guide_claims_guide_id_guides"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_guide_claims_municipality_id_municipalities")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_guide_claims_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_claims")),
    )
    op.create_index(
        "ix_guide_claims_due",
        "guide_claims",
        ["ask_on", "id"],
        unique=False,
        postgresql_where=sa.text("asked_at IS NULL AND outcome IS NULL"),
    )
    op.create_index("ix_guide_claims_guide", "guide_claims", ["guide_id", "id"], unique=False)
    op.create_index(op.f("ix_guide_claims_organisation_id"), "guide_claims", ["organisation_id"], unique=False)
    op.create_table(
        "guide_followers",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("guide_id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guide_id"], ["guides.id"], name=op.f("fk_guide_followers_guide_id_guides"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_followers")),
        sa.UniqueConstraint("guide_id", "email", name=op.f("uq_guide_followers_guide_id_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_guide_followers_public_id")),
    )
    op.create_index(op.f("ix_guide_followers_ends_on"), "guide_followers", ["ends_on"], unique=False)
    op.create_table(
        "guide_deflections",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("guide_id", sa.BigInteger(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guide_id"], ["guides.id"], name=op.f("fk_guide_deflections_guide_id_guides"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_deflections")),
    )
    op.create_index("ix_guide_deflections_guide_day", "guide_deflections", ["guide_id", "on_day"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_guide_deflections_guide_day", table_name="guide_deflections")
    op.drop_table("guide_deflections")
    op.drop_index(op.f("ix_guide_followers_ends_on"), table_name="guide_followers")
    op.drop_table("guide_followers")
    op.drop_index(
        "ix_guide_claims_due",
        table_name="guide_claims",
        postgresql_where=sa.text("asked_at IS NULL AND outcome IS NULL"),
    )
    op.drop_index("ix_guide_claims_guide", table_name="guide_claims")
    op.drop_index(op.f("ix_guide_claims_organisation_id"), table_name="guide_claims")
    op.drop_table("guide_claims")
    op.drop_index(op.f("ix_guide_provisions_provision_id"), table_name="guide_provisions")
    op.drop_table("guide_provisions")
    op.drop_table("guide_versions")
    op.drop_index(op.f("ix_guides_case_id"), table_name="guides")
    op.drop_index("ix_guides_review_due", table_name="guides", postgresql_where=sa.text("status = 'publiek'"))
    op.drop_index("ix_guides_terms", table_name="guides", postgresql_using="gin")
    op.drop_table("guides")
