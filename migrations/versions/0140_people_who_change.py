"""Keep when an official in the address book changed, and when a merger brought an organisation people or cases.

Both are people round a case: what is public of its rule bottleneck and commitments is compared with them again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0140"
down_revision = "0139"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nothing that is public was compared with officials before: the calendar does so once.
    op.add_column(
        "ministry_contacts",
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    op.add_column("organisations", sa.Column("merged_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE organisations SET merged_at = done.at FROM"
        " (SELECT municipality_id, max(done_at) AS at FROM mergers WHERE done_at IS NOT NULL GROUP BY municipality_id)"
        " AS done WHERE done.municipality_id = organisations.municipality_id"
    )


def downgrade() -> None:
    op.drop_column("organisations", "merged_at")
    op.drop_column("ministry_contacts", "changed_at")
