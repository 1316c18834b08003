"""Let the worker make the tables (CSV) of public quarters anew: they tell the codes of provinces now."""

from alembic import op

revision = "0131"
down_revision = "0130"
branch_labels = None
depends_on = None

ASK_AGAIN = (
    "UPDATE quarter_files SET status = 'gevraagd', content = NULL, begun_at = NULL, done_at = NULL, tries = 0"
    " WHERE form = 'csv' AND status = 'klaar'"
)


def upgrade() -> None:
    op.execute(ASK_AGAIN)


def downgrade() -> None:
    """The older code makes them without."""
    op.execute(ASK_AGAIN)
