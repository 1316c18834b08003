"""Tasks that are for a team instead of for one colleague."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("team_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_tasks_team_id_teams"), "tasks", "teams", ["team_id"], ["id"])
    op.alter_column("tasks", "assignee_id", nullable=True)
    op.create_check_constraint(op.f("ck_tasks_for_one"), "tasks", "num_nonnulls(assignee_id, team_id) = 1")
    op.create_index(
        "ix_tasks_team",
        "tasks",
        ["team_id", "due_on"],
        postgresql_where=sa.text("done_at IS NULL AND team_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_tasks_team", "tasks")
    op.drop_constraint(op.f("ck_tasks_for_one"), "tasks")
    op.execute("UPDATE tasks SET assignee_id = coalesce(done_by_id, made_by_id) WHERE assignee_id IS NULL")
    op.alter_column("tasks", "assignee_id", nullable=False)
    op.drop_constraint(op.f("fk_tasks_team_id_teams"), "tasks")
    op.drop_column("tasks", "team_id")
