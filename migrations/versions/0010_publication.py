"""Public texts and the published record."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "public_texts",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("written_by_id", sa.BigInteger(), nullable=True),
        sa.Column("reviewed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("preview_on", sa.Date(), nullable=True),
        sa.Column("object_by", sa.Date(), nullable=True),
        sa.Column("objection", sa.String(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_public_texts_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["accounts.id"], name=op.f("fk_public_texts_reviewed_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["accounts.id"], name=op.f("fk_public_texts_written_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_public_texts")),
    )
    op.create_table(
        "published_cases",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "V0",
                "V1",
                "V2",
                "V3",
                "V4",
                "V5",
                "V6",
                "V7",
                "V8",
                "V9",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "result",
            sa.Enum(
                "opgelost_binnen_bestaande_regels",
                "met_ontheffing_of_afwijking",
                "via_experiment",
                "door_andere_uitvoeringspraktijk",
                "gekoppeld_aan_regelknelpunt",
                "beantwoord_door_ruimtewijzer",
                "niet_oplosbaar_gemotiveerd",
                "buiten_bereik_warm_overgedragen",
                "ingetrokken",
                "dubbel_van_eigen_melding",
                name="result",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("next_step", sa.String(), nullable=True),
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
            "submitter_kind",
            sa.Enum(
                "bewonersinitiatief",
                "gemeente",
                "provincie",
                "woningcorporatie",
                "schoolbestuur",
                "anders",
                name="submitterkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("municipality_id", sa.BigInteger(), nullable=True),
        sa.Column("municipality_then", sa.String(), nullable=True),
        sa.Column("province_id", sa.BigInteger(), nullable=True),
        sa.Column("main_law_id", sa.BigInteger(), nullable=True),
        sa.Column("provisions", postgresql.JSONB(), nullable=False),
        sa.Column("law_date", sa.Date(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("corrected_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=True),
        sa.Column("source_url", sa.String(), nullable=True),
        sa.Column("source_title", sa.String(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("terms", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_published_cases_case_id_cases")),
        sa.ForeignKeyConstraint(["main_law_id"], ["laws.id"], name=op.f("fk_published_cases_main_law_id_laws")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_published_cases_municipality_id_municipalities")
        ),
        sa.ForeignKeyConstraint(
            ["province_id"], ["provinces.id"], name=op.f("fk_published_cases_province_id_provinces")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_published_cases")),
        sa.UniqueConstraint("reference", name=op.f("uq_published_cases_reference")),
    )
    op.create_index(op.f("ix_published_cases_main_law_id"), "published_cases", ["main_law_id"], unique=False)
    op.create_index(op.f("ix_published_cases_municipality_id"), "published_cases", ["municipality_id"], unique=False)
    op.create_index(op.f("ix_published_cases_province_id"), "published_cases", ["province_id"], unique=False)
    op.create_index(
        "ix_published_cases_recent",
        "published_cases",
        [sa.literal_column("published_on DESC"), sa.literal_column("case_id DESC")],
        unique=False,
    )
    op.create_index("ix_published_cases_terms", "published_cases", ["terms"], unique=False, postgresql_using="gin")


def downgrade() -> None:
    op.drop_index("ix_published_cases_terms", table_name="published_cases", postgresql_using="gin")
    op.drop_index("ix_published_cases_recent", table_name="published_cases")
    op.drop_index(op.f("ix_published_cases_province_id"), table_name="published_cases")
    op.drop_index(op.f("ix_published_cases_municipality_id"), table_name="published_cases")
    op.drop_index(op.f("ix_published_cases_main_law_id"), table_name="published_cases")
    op.drop_table("published_cases")
    op.drop_table("public_texts")
