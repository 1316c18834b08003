"""Keep with a request to seal how often each promise was kept, so that the second person reads which one moved."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0130"
down_revision = "0129"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("quarter_sealings", sa.Column("promised", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("quarter_sealings", "promised")
