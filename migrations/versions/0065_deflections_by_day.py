"""How often guides answered a question in a quarter, by an index on the day."""

from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_guide_deflections_on_day", "guide_deflections", ["on_day"])


def downgrade() -> None:
    op.drop_index("ix_guide_deflections_on_day", "guide_deflections")
