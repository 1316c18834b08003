"""Until when a worker has an address for events, and the events that wait by the address that they go to."""

import sqlalchemy as sa
from alembic import op

revision = "0104"
down_revision = "0103"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_outbox_events_waiting", "outbox_events"
WAITS = sa.text("sent_at IS NULL AND gave_up_at IS NULL")


def upgrade() -> None:
    op.add_column("event_subscriptions", sa.Column("busy_until", sa.DateTime(timezone=True)))
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(NAME, TABLE, ["subscription_id", "next_try_at", "id"], postgresql_where=WAITS)


def downgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(NAME, TABLE, ["next_try_at", "id"], postgresql_where=WAITS)
    op.drop_column("event_subscriptions", "busy_until")
