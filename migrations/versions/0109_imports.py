"""Keep the files with cases that somebody brings in by the site, and what becomes of each line."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0109"
down_revision = "0108"
branch_labels = None
depends_on = None

KINDS = ("geschiedenis", "voorraad")
STATUSES = ("controleren", "onleesbaar", "gecontroleerd", "bezig", "klaar", "terugdraaien", "teruggedraaid")
STATES = ("goed", "al_aanwezig", "geweigerd", "binnengekomen", "teruggedraaid", "gebleven")
AT_WORK = sa.text("status IN ('bezig', 'controleren', 'terugdraaien')")


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "import_runs",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="importkind", native_enum=False, length=40), nullable=False),
        sa.Column("status", sa.Enum(*STATUSES, name="importstatus", native_enum=False, length=40), nullable=False),
        sa.Column("organisation_id", sa.BigInteger()),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("set_name", sa.String()),
        sa.Column("is_csv", sa.Boolean(), nullable=False),
        sa.Column("encoding", sa.String(), nullable=False),
        sa.Column("stored_name", sa.String()),
        sa.Column("shown_name", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("problem", sa.String()),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger()),
        sa.Column("counts", JSONB(), nullable=False),
        sa.Column("uploaded_at", instant, nullable=False),
        sa.Column("checked_at", instant),
        sa.Column("confirmed_at", instant),
        sa.Column("finished_at", instant),
        sa.Column("undone_at", instant),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_import_runs_importkind")),
        sa.CheckConstraint(f"status IN {STATUSES}", name=op.f("ck_import_runs_importstatus")),
        sa.CheckConstraint(
            "(kind = 'voorraad') = (organisation_id IS NOT NULL)",
            name=op.f("ck_import_runs_backlog_has_organisation"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_import_runs_author_id_accounts")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_import_runs_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_runs")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_import_runs_stored_name")),
    )
    op.create_index("ix_import_runs_of", "import_runs", ["kind", "organisation_id", sa.text("id DESC")])
    op.create_index("ix_import_runs_at_work", "import_runs", ["id"], postgresql_where=AT_WORK)
    op.create_index(op.f("ix_import_runs_ends_on"), "import_runs", ["ends_on"])
    op.create_table(
        "import_rows",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("own_number", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="importstate", native_enum=False, length=40), nullable=False),
        sa.Column("faults", JSONB(), nullable=False),
        sa.Column("remarks", JSONB(), nullable=False),
        sa.Column("case_id", sa.BigInteger()),
        sa.Column("draft_key", sa.String()),
        sa.Column("remark", sa.String()),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_import_rows_importstate")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_import_rows_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_runs.id"], name=op.f("fk_import_rows_run_id_import_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "place", name=op.f("pk_import_rows")),
    )
    op.create_index("ix_import_rows_state", "import_rows", ["run_id", "state", "place"])
    op.create_index("ix_import_rows_own_number", "import_rows", ["own_number", "run_id"])
    op.create_index("ix_import_rows_case", "import_rows", ["case_id"])
    op.create_index("ix_import_rows_draft", "import_rows", ["draft_key"])


def downgrade() -> None:
    op.drop_table("import_rows")
    op.drop_table("import_runs")
