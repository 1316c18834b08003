"""How long cases are kept, by kind, and what happens then; with the categories to begin with."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

DISPOSITIONS = ("vernietigen", "overbrengen")
STATUSES = ("voorgesteld", "geldt", "afgewezen", "vervangen")
UNREAD = "Voorlopig. De selectielijst van het ministerie is nog niet nagezocht."
STARTS = date(2013, 1, 1)


def _list(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    table = op.create_table(
        "retention_categories",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holds", sa.String(), nullable=False),
        sa.Column("years", sa.BigInteger(), nullable=False),
        sa.Column("disposition", _list("disposition", *DISPOSITIONS), nullable=False),
        sa.Column("public_text_stays", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_checked_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("status", _list("categorystatus", *STATUSES), nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("years BETWEEN 1 AND 100", name=op.f("ck_retention_categories_years")),
        sa.CheckConstraint("decided_by_id <> proposed_by_id", name=op.f("ck_retention_categories_two_people")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["accounts.id"], name=op.f("fk_retention_categories_proposed_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_retention_categories_decided_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_categories")),
    )
    op.create_index(
        "uq_retention_categories_proposed",
        "retention_categories",
        ["code"],
        unique=True,
        postgresql_where=sa.text("status = 'voorgesteld'"),
    )
    op.create_index("ix_retention_categories_code", "retention_categories", ["code", "valid_from"])
    shared = {"source": UNREAD, "valid_from": STARTS, "status": "geldt", "version": 1}
    op.bulk_insert(
        table,
        [
            {
                "code": "antwoord",
                "name": "Beantwoorde meldingen",
                "holds": "De melding, het oordeel, het voorstel en het antwoord, met bijlagen en berichten.",
                "years": 10,
                "disposition": "vernietigen",
                "public_text_stays": True,
                **shared,
            },
            {
                "code": "regelknelpunt",
                "name": "Meldingen bij een regelknelpunt",
                "holds": "De melding en het antwoord, als de melding bijdroeg aan een regelknelpunt.",
                "years": 20,
                "disposition": "overbrengen",
                "public_text_stays": True,
                **shared,
            },
            {
                "code": "overgedragen",
                "name": "Overgedragen meldingen",
                "holds": "De melding en wat het loket schreef, als een andere instantie de melding overnam.",
                "years": 5,
                "disposition": "vernietigen",
                "public_text_stays": False,
                **shared,
            },
            {
                "code": "ingetrokken",
                "name": "Ingetrokken meldingen",
                "holds": "De melding en wat het loket schreef, tot de indiener de melding introk.",
                "years": 2,
                "disposition": "vernietigen",
                "public_text_stays": False,
                **shared,
            },
        ],
    )


def downgrade() -> None:
    op.drop_table("retention_categories")
