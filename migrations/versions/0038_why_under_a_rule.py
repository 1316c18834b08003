"""Why a case that shares no law with a rule bottleneck belongs under it all the same."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bottleneck_cases", sa.Column("why", sa.String()))


def downgrade() -> None:
    op.drop_column("bottleneck_cases", "why")
