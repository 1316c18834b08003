"""Cases, their numbers, search terms, contacts and follow links."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_numbers",
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_case_numbers")),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "concept",
                "ingediend",
                "in_triage",
                "aanvulling_gevraagd",
                "in_behandeling",
                "uitgezet",
                "voorstel",
                "heroverweging",
                "doorverwezen",
                "afgesloten",
                "ingetrokken",
                "gearchiveerd",
                name="casestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("status_before_supplement", sa.String(), nullable=True),
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
            "publication",
            sa.Enum(
                "intern",
                "ter_inzage",
                "openbaar",
                "teruggetrokken",
                name="publicationstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("goal", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("rule_words", sa.String(), nullable=True),
        sa.Column("tried", sa.String(), nullable=True),
        sa.Column("involved", sa.String(), nullable=True),
        sa.Column("wanted", sa.String(), nullable=True),
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
        sa.Column("refused_on", sa.Date(), nullable=True),
        sa.Column("law_date", sa.Date(), nullable=False),
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
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("municipality_id", sa.BigInteger(), nullable=True),
        sa.Column("municipality_then", sa.String(), nullable=True),
        sa.Column("province_id", sa.BigInteger(), nullable=True),
        sa.Column("may_share", sa.Boolean(), nullable=False),
        sa.Column("may_publish", sa.Boolean(), nullable=False),
        sa.Column("handler_id", sa.BigInteger(), nullable=True),
        sa.Column("in_scope", sa.Boolean(), nullable=True),
        sa.Column(
            "level",
            sa.Enum(
                "gemeente",
                "provincie",
                "waterschap",
                "rijk",
                "eu",
                "geen_regel",
                name="rulelevel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "route",
            sa.Enum(
                "uitleg",
                "eigen_bevoegdheid",
                "ontheffing_of_maatwerk",
                "experiment",
                "overleg_ministerie",
                "regelwijziging",
                "overdragen",
                name="route",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("lead_ministry_id", sa.BigInteger(), nullable=True),
        sa.Column("main_law_id", sa.BigInteger(), nullable=True),
        sa.Column("no_provision_reason", sa.String(), nullable=True),
        sa.Column("verdict_plain", sa.String(), nullable=True),
        sa.Column("verdict_legal", sa.String(), nullable=True),
        sa.Column("result_reason", sa.String(), nullable=True),
        sa.Column("next_step", sa.String(), nullable=True),
        sa.Column("got_no_reaction", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "due_clock",
            sa.Enum(
                "K0",
                "K1",
                "K2",
                "K3",
                "K4",
                "K5",
                "K6",
                "K7",
                "K8",
                "K9",
                "aanvulling",
                "inzage",
                name="clock",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("suspended_until", sa.Date(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum("online", "balie", "import", name="channel", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("import_key", sa.String(), nullable=True),
        sa.Column("source_url", sa.String(), nullable=True),
        sa.Column("source_title", sa.String(), nullable=True),
        sa.Column("source_note", sa.String(), nullable=True),
        sa.Column("draft_key", sa.String(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(status = 'afgesloten') <= (result IS NOT NULL)", name=op.f("ck_cases_closed_has_result")),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_cases_author_id_accounts")),
        sa.ForeignKeyConstraint(["handler_id"], ["accounts.id"], name=op.f("fk_cases_handler_id_accounts")),
        sa.ForeignKeyConstraint(
            ["lead_ministry_id"], ["organisations.id"], name=op.f("fk_cases_lead_ministry_id_organisations")
        ),
        sa.ForeignKeyConstraint(["main_law_id"], ["laws.id"], name=op.f("fk_cases_main_law_id_laws")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_cases_municipality_id_municipalities")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_cases_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.id"], name=op.f("fk_cases_province_id_provinces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("draft_key", name=op.f("uq_cases_draft_key")),
        sa.UniqueConstraint("import_key", name=op.f("uq_cases_import_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_cases_reference")),
    )
    op.create_index(
        "ix_cases_due",
        "cases",
        ["due_on", "id"],
        unique=False,
        postgresql_where=sa.text("due_on IS NOT NULL"),
        postgresql_include=["status"],
    )
    op.create_index(
        "ix_cases_due_first",
        "cases",
        [sa.literal_column("coalesce(due_on, 'infinity'::date)"), "id"],
        unique=False,
    )
    op.create_index(
        "ix_cases_due_last",
        "cases",
        [sa.literal_column("coalesce(due_on, '-infinity'::date)"), "id"],
        unique=False,
    )
    op.create_index(
        "ix_cases_filed", "cases", [sa.literal_column("filed_on DESC"), sa.literal_column("id DESC")], unique=False
    )
    op.create_index(op.f("ix_cases_province_id"), "cases", ["province_id"], unique=False)
    op.create_index(
        "ix_cases_recent",
        "cases",
        [sa.literal_column("updated_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_include=["status"],
    )
    op.create_index(
        "ix_cases_handler_recent",
        "cases",
        ["handler_id", sa.literal_column("updated_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_include=["status"],
    )
    op.create_index(
        "ix_cases_law_recent",
        "cases",
        ["main_law_id", sa.literal_column("updated_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_include=["status"],
    )
    op.create_index(
        "ix_cases_municipality_recent",
        "cases",
        ["municipality_id", sa.literal_column("updated_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_include=["status"],
    )
    op.create_index(
        "ix_cases_organisation_recent",
        "cases",
        ["organisation_id", sa.literal_column("updated_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_include=["status"],
    )
    op.create_index(
        "ix_cases_publication_recent",
        "cases",
        ["publication", sa.literal_column("updated_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_include=["status"],
    )
    op.create_index(
        "ix_cases_status_recent",
        "cases",
        ["status", sa.literal_column("updated_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_include=["status"],
    )
    op.create_index(
        "ix_cases_verdict_recent",
        "cases",
        ["verdict", sa.literal_column("updated_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_include=["status"],
    )
    op.create_table(
        "case_search",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("terms", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_search_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_search")),
    )
    op.create_index("ix_case_search_terms", "case_search", ["terms"], unique=False, postgresql_using="gin")
    op.create_table(
        "contacts",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_contacts_case_id_cases"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_contacts")),
    )
    op.create_index(op.f("ix_contacts_email"), "contacts", ["email"], unique=False)
    op.create_index(op.f("ix_contacts_ends_on"), "contacts", ["ends_on"], unique=False)
    op.create_table(
        "follow_links",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_follow_links_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_links")),
        sa.UniqueConstraint("public_id", name=op.f("uq_follow_links_public_id")),
    )
    op.create_index(op.f("ix_follow_links_case_id"), "follow_links", ["case_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_follow_links_case_id"), table_name="follow_links")
    op.drop_table("follow_links")
    op.drop_index(op.f("ix_contacts_ends_on"), table_name="contacts")
    op.drop_index(op.f("ix_contacts_email"), table_name="contacts")
    op.drop_table("contacts")
    op.drop_index("ix_case_search_terms", table_name="case_search", postgresql_using="gin")
    op.drop_table("case_search")
    op.drop_index("ix_cases_verdict_recent", table_name="cases")
    op.drop_index("ix_cases_status_recent", table_name="cases")
    op.drop_index("ix_cases_publication_recent", table_name="cases")
    op.drop_index("ix_cases_due_last", table_name="cases")
    op.drop_index("ix_cases_due_first", table_name="cases")
    op.drop_index("ix_cases_recent", table_name="cases")
    op.drop_index(op.f("ix_cases_province_id"), table_name="cases")
    op.drop_index("ix_cases_organisation_recent", table_name="cases")
    op.drop_index("ix_cases_municipality_recent", table_name="cases")
    op.drop_index("ix_cases_law_recent", table_name="cases")
    op.drop_index("ix_cases_handler_recent", table_name="cases")
    op.drop_index("ix_cases_filed", table_name="cases")
    op.drop_index("ix_cases_due", table_name="cases", postgresql_where=sa.text("due_on IS NOT NULL"))
    op.drop_table("cases")
    op.drop_table("case_numbers")
