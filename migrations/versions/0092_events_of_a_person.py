"""Find the events of one account without reading the whole chain: what somebody did, and what was done to it."""

from alembic import op

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_events_actor", "events", ["actor_id", "number"])
    op.create_index("ix_events_subject", "events", ["subject", "number"])


def downgrade() -> None:
    op.drop_index("ix_events_subject", table_name="events")
    op.drop_index("ix_events_actor", table_name="events")
