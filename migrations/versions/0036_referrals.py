"""Cases that are offered to another organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

STATUSES = (
    "toestemming_gevraagd",
    "aangeboden",
    "overgenomen",
    "niet_overgenomen",
    "geen_reactie",
    "geen_toestemming",
    "ingetrokken",
)
SOURCES = ("op_de_pagina", "telefoon", "brief", "balie")


def _list(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "referrals",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("status", _list("referralstatus", *STATUSES), nullable=False),
        sa.Column("consent", _list("consentsource", *SOURCES), nullable=True),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("receiver_name", sa.String(), nullable=True),
        sa.Column("receiver_email", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('toestemming_gevraagd', 'aangeboden')) <= (answer_by IS NOT NULL)",
            name=op.f("ck_referrals_offer_has_day"),
        ),
        sa.CheckConstraint(
            "(status = 'overgenomen') <= (contact IS NOT NULL)", name=op.f("ck_referrals_taken_has_contact")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["accounts.id"], name=op.f("fk_referrals_asked_by_id_accounts")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_referrals_case_id_cases"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("public_id", name=op.f("uq_referrals_public_id")),
    )
    op.create_index(op.f("ix_referrals_case_id"), "referrals", ["case_id"])
    op.create_index(
        "uq_referrals_one_open",
        "referrals",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('toestemming_gevraagd', 'aangeboden')"),
    )


def downgrade() -> None:
    op.drop_table("referrals")
