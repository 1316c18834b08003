"""Until when a subscription goes on of an organisation that nobody manages."""

import sqlalchemy as sa
from alembic import op

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event_subscriptions", sa.Column("ends_on", sa.Date()))


def downgrade() -> None:
    op.drop_column("event_subscriptions", "ends_on")
