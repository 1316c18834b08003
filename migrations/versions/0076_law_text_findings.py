"""Articles whose text is no longer the one that was read, as a queue."""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "law_text_findings",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        sa.Column("wording_from", sa.Date(), nullable=True),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("read_hash", sa.String(), nullable=False),
        sa.Column("found_hash", sa.String(), nullable=False),
        sa.Column("text_from", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "te_bekijken",
                "nagekeken",
                "wijziging_gemaakt",
                name="textfindingstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("edit_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(status = 'te_bekijken') = (decided_at IS NULL)", name=op.f("ck_law_text_findings_decided")
        ),
        sa.CheckConstraint(
            "(status = 'wijziging_gemaakt') = (edit_id IS NOT NULL)", name=op.f("ck_law_text_findings_edited")
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provisions.id"], name=op.f("fk_law_text_findings_provision_id_provisions")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_law_text_findings_decided_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["edit_id"], ["catalogue_edits.id"], name=op.f("fk_law_text_findings_edit_id_catalogue_edits")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_text_findings")),
        sa.UniqueConstraint(
            "provision_id",
            "read_hash",
            "found_hash",
            name=op.f("uq_law_text_findings_provision_id_read_hash_found_hash"),
        ),
    )


def downgrade() -> None:
    op.drop_table("law_text_findings")
