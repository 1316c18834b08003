"""Questions to ministries, the links to answer them, the address book, and ministries that do not agree."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

ANSWERS = ("er_is_ruimte", "geen_ruimte", "anders")
STATUSES = ("open", "beantwoord", "niet_van_ons", "geen_antwoord", "vervallen")


def _list(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "ministry_contacts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("ministry_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("is_fallback", sa.Boolean(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ministry_id"], ["organisations.id"], name=op.f("fk_ministry_contacts_ministry_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ministry_contacts")),
    )
    in_use = sa.text("ended_on IS NULL")
    op.create_index(
        "uq_ministry_contacts_address",
        "ministry_contacts",
        ["ministry_id", "email"],
        unique=True,
        postgresql_where=in_use,
    )
    op.create_index(
        "uq_ministry_contacts_fallback",
        "ministry_contacts",
        ["ministry_id"],
        unique=True,
        postgresql_where=sa.text("is_fallback AND ended_on IS NULL"),
    )
    op.create_table(
        "consultations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("ministry_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("period_id", sa.BigInteger(), nullable=True),
        sa.Column("status", _list("consultationstatus", *STATUSES), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=True),
        sa.Column("law_on", sa.Date(), nullable=False),
        sa.Column("verdict", _list("verdict", *(f"V{number}" for number in range(10))), nullable=True),
        sa.Column("verdict_plain", sa.String(), nullable=True),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("room", _list("roomanswer", *ANSWERS), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("more_time_until", sa.Date(), nullable=True),
        sa.Column("more_time_reason", sa.String(), nullable=True),
        sa.Column("raised_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(status = 'beantwoord') <= (room IS NOT NULL)", name=op.f("ck_consultations_answer_has_room")
        ),
        sa.CheckConstraint("(status = 'open') OR (ended_on IS NOT NULL)", name=op.f("ck_consultations_over_has_day")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["accounts.id"], name=op.f("fk_consultations_asked_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_consultations_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["ministry_contacts.id"], name=op.f("fk_consultations_contact_id_ministry_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["ministry_id"], ["organisations.id"], name=op.f("fk_consultations_ministry_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["clock_periods.id"], name=op.f("fk_consultations_period_id_clock_periods")
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provisions.id"], name=op.f("fk_consultations_provision_id_provisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
    )
    op.create_index("ix_consultations_case", "consultations", ["case_id", "id"])
    op.create_index(op.f("ix_consultations_contact_id"), "consultations", ["contact_id"])
    op.create_index(op.f("ix_consultations_ministry_id"), "consultations", ["ministry_id"])
    op.create_index(
        "ix_consultations_open", "consultations", ["due_on", "id"], postgresql_where=sa.text("status = 'open'")
    )
    op.create_table(
        "consultation_links",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("consultation_id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultations.id"],
            name=op.f("fk_consultation_links_consultation_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_links")),
        sa.UniqueConstraint("public_id", name=op.f("uq_consultation_links_public_id")),
    )
    op.create_index(op.f("ix_consultation_links_consultation_id"), "consultation_links", ["consultation_id"])
    op.create_table(
        "disagreements",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", _list("roomanswer", *ANSWERS), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_disagreements_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_disagreements_decided_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["first_id"],
            ["consultations.id"],
            name=op.f("fk_disagreements_first_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["consultations.id"],
            name=op.f("fk_disagreements_second_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disagreements")),
    )
    op.create_index(op.f("ix_disagreements_case_id"), "disagreements", ["case_id"])
    op.create_index(
        "uq_disagreements_one_open",
        "disagreements",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.add_column("attachments", sa.Column("consultation_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_attachments_consultation_id_consultations"),
        "attachments",
        "consultations",
        ["consultation_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index(op.f("ix_attachments_consultation_id"), "attachments", ["consultation_id"])


def downgrade() -> None:
    """Back to no questions to ministries. What came with their answers goes too, or the submitter would see it.

    The files themselves stay behind in the store, without a row that leads to them.
    """
    op.execute("DELETE FROM attachments WHERE consultation_id IS NOT NULL")
    op.drop_index(op.f("ix_attachments_consultation_id"), table_name="attachments")
    op.drop_constraint(op.f("fk_attachments_consultation_id_consultations"), "attachments", type_="foreignkey")
    op.drop_column("attachments", "consultation_id")
    for table in ("disagreements", "consultation_links", "consultations", "ministry_contacts"):
        op.drop_table(table)
