"""Quarters of before the desk, sealed after the fact from public sources: no two persons sealed those."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "quarter_seals", sa.Column("is_reconstructed", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.alter_column("quarter_seals", "asked_by_id", nullable=True)
    op.alter_column("quarter_seals", "sealed_by_id", nullable=True)
    op.create_check_constraint(
        op.f("ck_quarter_seals_two_persons"),
        "quarter_seals",
        "is_reconstructed = (asked_by_id IS NULL) AND is_reconstructed = (sealed_by_id IS NULL)",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_quarter_seals_two_persons"), "quarter_seals", type_="check")
    # The rows that nobody sealed cannot stand without the column; the trigger keeps them from being deleted by name.
    op.execute("ALTER TABLE quarter_seals DISABLE TRIGGER USER")
    op.execute("ALTER TABLE quarter_errata DISABLE TRIGGER USER")
    op.execute("DELETE FROM quarter_errata WHERE quarter IN (SELECT quarter FROM quarter_seals WHERE is_reconstructed)")
    op.execute("DELETE FROM quarter_seals WHERE is_reconstructed")
    op.execute("ALTER TABLE quarter_errata ENABLE TRIGGER USER")
    op.execute("ALTER TABLE quarter_seals ENABLE TRIGGER USER")
    op.alter_column("quarter_seals", "asked_by_id", nullable=False)
    op.alter_column("quarter_seals", "sealed_by_id", nullable=False)
    op.drop_column("quarter_seals", "is_reconstructed")
