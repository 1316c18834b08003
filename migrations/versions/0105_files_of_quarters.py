"""Keep the forms of a public quarter as files that the worker makes."""

import sqlalchemy as sa
from alembic import op

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quarter_files",
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "gevraagd",
                "klaar",
                "mislukt",
                name="filestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("source", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(status = 'klaar') = (content IS NOT NULL)", name=op.f("ck_quarter_files_made")),
        sa.CheckConstraint("(status = 'mislukt') = (reason IS NOT NULL)", name=op.f("ck_quarter_files_failed")),
        sa.ForeignKeyConstraint(
            ["quarter"], ["quarter_seals.quarter"], name=op.f("fk_quarter_files_quarter_quarter_seals")
        ),
        sa.PrimaryKeyConstraint("quarter", "form", name=op.f("pk_quarter_files")),
    )
    # The page of a quarter says which are ready, as it says what other public tables hold since 0091.
    op.execute(
        "CREATE CONSTRAINT TRIGGER quarter_files_are_public AFTER INSERT OR UPDATE OR DELETE ON quarter_files"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_public_change()"
    )


def downgrade() -> None:
    op.drop_table("quarter_files")
