"""Find the first case of the desk itself without reading the history that was imported."""

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_cases_own_filed", "cases", ["filed_on"], postgresql_where=sa.text("channel <> 'import'"))


def downgrade() -> None:
    op.drop_index("ix_cases_own_filed", table_name="cases")
