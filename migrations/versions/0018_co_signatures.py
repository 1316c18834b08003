"""A second person who signs a filing: of the organisation, or somebody beside a resident."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

LIVE = "status IN ('gevraagd', 'getekend')"


def upgrade() -> None:
    op.create_table(
        "co_signatures",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "gevraagd",
                "getekend",
                "teruggestuurd",
                "vervallen",
                name="cosignaturestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signer_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("public_id", sa.String(), nullable=True),
        sa.Column("nonce", sa.String(), nullable=True),
        sa.Column("filing_waits", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("num_nonnulls(case_id, draft_id) = 1", name=op.f("ck_co_signatures_one_owner")),
        sa.CheckConstraint("signer_id <> asked_by_id", name=op.f("ck_co_signatures_two_people")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["drafts.id"], name=op.f("fk_co_signatures_draft_id_drafts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_co_signatures_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["accounts.id"], name=op.f("fk_co_signatures_asked_by_id_accounts")),
        sa.ForeignKeyConstraint(["signer_id"], ["accounts.id"], name=op.f("fk_co_signatures_signer_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_co_signatures")),
        sa.UniqueConstraint("public_id", name=op.f("uq_co_signatures_public_id")),
    )
    op.create_index(op.f("ix_co_signatures_case_id"), "co_signatures", ["case_id"], unique=False)
    op.create_index(op.f("ix_co_signatures_draft_id"), "co_signatures", ["draft_id"], unique=False)
    op.create_index(op.f("ix_co_signatures_ends_on"), "co_signatures", ["ends_on"], unique=False)
    op.create_index(
        "uq_co_signatures_one_live",
        "co_signatures",
        ["draft_id"],
        unique=True,
        postgresql_where=sa.text(LIVE),
    )
    op.add_column(
        "organisations", sa.Column("needs_co_signature", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("drafts", sa.Column("has_co_signer", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("drafts", "has_co_signer")
    op.drop_column("organisations", "needs_co_signature")
    op.drop_table("co_signatures")
