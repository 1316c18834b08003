"""When the words of a case were destroyed or handed to an archive."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("archived_on", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("archived_as", sa.String(40), nullable=True))
    op.create_check_constraint(op.f("ck_cases_disposition"), "cases", "archived_as IN ('vernietigen', 'overbrengen')")
    op.create_check_constraint(op.f("ck_cases_archived_how"), "cases", "(archived_on IS NULL) = (archived_as IS NULL)")


def downgrade() -> None:
    op.drop_column("cases", "archived_as")
    op.drop_column("cases", "archived_on")
