"""Of a request about personal data: when a copy was made, a letter went out, and the person was forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("privacy_requests", sa.Column("extension_told_on", sa.Date()))
    op.add_column("privacy_requests", sa.Column("exported_at", sa.DateTime(timezone=True)))
    op.add_column("privacy_requests", sa.Column("forgotten_on", sa.Date()))
    op.execute("UPDATE privacy_requests SET forgotten_on = answered_on WHERE answered_on IS NOT NULL")


def downgrade() -> None:
    op.drop_column("privacy_requests", "forgotten_on")
    op.drop_column("privacy_requests", "exported_at")
    op.drop_column("privacy_requests", "extension_told_on")
