"""Tasks on a case, and the checklists from which they are set out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

THEMES = (
    "wonen", "leegstand", "openbare_ruimte", "energie", "natuur_en_water", "zorg_en_welzijn", "onderwijs",
    "werk_en_inkomen", "winkels_en_horeca", "verkeer_en_vervoer", "cultuur_en_sport", "veiligheid", "anders",
    "onbekend",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "checklists",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column(
            "theme",
            sa.Enum(*THEMES, name="theme", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("working_days", sa.BigInteger(), nullable=True),
        sa.Column("made_by_id", sa.BigInteger(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["accounts.id"], name=op.f("fk_checklists_made_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklists")),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("checklist_id", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("assignee_id", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("made_by_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by_id", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name=op.f("ck_tasks_done_by")),
        sa.ForeignKeyConstraint(["assignee_id"], ["accounts.id"], name=op.f("fk_tasks_assignee_id_accounts")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_tasks_case_id_cases"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["checklist_id"], ["checklists.id"], name=op.f("fk_tasks_checklist_id_checklists")),
        sa.ForeignKeyConstraint(["done_by_id"], ["accounts.id"], name=op.f("fk_tasks_done_by_id_accounts")),
        sa.ForeignKeyConstraint(["made_by_id"], ["accounts.id"], name=op.f("fk_tasks_made_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index("ix_tasks_case", "tasks", ["case_id", "id"])
    op.create_index("ix_tasks_open", "tasks", ["assignee_id", "due_on"], postgresql_where=sa.text("done_at IS NULL"))


def downgrade() -> None:
    op.drop_table("tasks")
    op.drop_table("checklists")
