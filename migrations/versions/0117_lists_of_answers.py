"""Count and choose public answers of a theme, verdict, province or law without reading their texts."""

import sqlalchemy as sa
from alembic import op

revision = "0117"
down_revision = "0116"
branch_labels = None
depends_on = None

TABLE = "published_cases"
COLUMNS = ("theme", "verdict", "province_id", "main_law_id")
HAS_ANSWER = "withdrawn_on IS NULL AND verdict <> 'V0' AND result IS NOT NULL"


def upgrade() -> None:
    for column in COLUMNS:
        op.create_index(
            f"ix_published_cases_answered_{column}",
            TABLE,
            [column, sa.text("published_on DESC"), sa.text("case_id DESC")],
            postgresql_where=sa.text(HAS_ANSWER),
        )


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_index(f"ix_published_cases_answered_{column}", table_name=TABLE)
