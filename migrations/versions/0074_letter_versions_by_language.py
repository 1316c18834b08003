"""Versions of the fixed texts of letters in the language of their reader."""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

TABLE = "letter_versions"
BEFORE, AFTER = ["kind", "theme", "outcome", "number"], ["kind", "language", "theme", "outcome", "number"]


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("language", sa.String(), server_default="nl", nullable=False))
    op.drop_constraint(op.f("uq_letter_versions_kind_theme_outcome_number"), TABLE)
    op.create_unique_constraint(op.f("uq_letter_versions_kind_language_theme_outcome_number"), TABLE, AFTER)


def downgrade() -> None:
    """Only Dutch letters could have versions."""
    op.execute("DELETE FROM letter_versions WHERE language <> 'nl'")
    op.drop_constraint(op.f("uq_letter_versions_kind_language_theme_outcome_number"), TABLE)
    op.create_unique_constraint(op.f("uq_letter_versions_kind_theme_outcome_number"), TABLE, BEFORE)
    op.drop_column(TABLE, "language")
