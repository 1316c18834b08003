"""Notice changes of what a presented quarter says and of commitments, as those of other public tables since 0091."""

from alembic import op

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None

WATCHED = ("commitment_news", "commitments", "quarter_sections")


def upgrade() -> None:
    # What the triggers lock one by one, at once and first: beside a running site that meets fewer others.
    op.execute(f"LOCK TABLE {', '.join(WATCHED)} IN SHARE ROW EXCLUSIVE MODE")
    for table in WATCHED:
        op.execute(
            f"CREATE CONSTRAINT TRIGGER {table}_are_public AFTER INSERT OR UPDATE OR DELETE ON {table}"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_public_change()"
        )


def downgrade() -> None:
    for table in WATCHED:
        op.execute(f"DROP TRIGGER {table}_are_public ON {table}")
