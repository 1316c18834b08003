"""Indexes by which a list costs no more when there are more cases, and one for rules that are named together."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

RECENT = (sa.literal_column("updated_at DESC"), sa.literal_column("id DESC"))
LISTS = {
    "recent": None,
    "status_recent": "status",
    "law_recent": "main_law_id",
    "municipality_recent": "municipality_id",
    "handler_recent": "handler_id",
    "organisation_recent": "organisation_id",
    "verdict_recent": "verdict",
    "publication_recent": "publication",
}
OPEN = (
    "status IN ('aanvulling_gevraagd', 'heroverweging', 'in_behandeling', 'in_triage', 'ingediend', 'uitgezet',"
    " 'voorstel')"
)


def upgrade() -> None:
    _make_lists(["status", "verdict"])
    op.create_index(
        "ix_cases_province_recent", "cases", ["province_id", *RECENT], postgresql_include=["status", "verdict"]
    )
    op.drop_index(op.f("ix_cases_province_id"), table_name="cases")
    op.create_index("ix_cases_open_handler", "cases", ["handler_id", *RECENT], postgresql_where=sa.text(OPEN))
    op.create_index(
        "ix_cases_open_due", "cases", ["due_on", "id"], postgresql_where=sa.text(f"due_on IS NOT NULL AND {OPEN}")
    )
    op.drop_index("ix_cases_due", table_name="cases")
    op.create_index(
        "ix_published_cases_provisions",
        "published_cases",
        ["provisions"],
        postgresql_using="gin",
        postgresql_ops={"provisions": "jsonb_path_ops"},
    )


def downgrade() -> None:
    op.drop_index("ix_published_cases_provisions", table_name="published_cases")
    op.create_index(
        "ix_cases_due",
        "cases",
        ["due_on", "id"],
        postgresql_where=sa.text("due_on IS NOT NULL"),
        postgresql_include=["status"],
    )
    op.drop_index("ix_cases_open_due", table_name="cases")
    op.drop_index("ix_cases_open_handler", table_name="cases")
    op.create_index(op.f("ix_cases_province_id"), "cases", ["province_id"])
    op.drop_index("ix_cases_province_recent", table_name="cases")
    _make_lists(["status"])


def _make_lists(riding_along: list[str]) -> None:
    """Make the indexes of the lists anew, with these columns beside what they order by."""
    for name, column in LISTS.items():
        op.drop_index(f"ix_cases_{name}", table_name="cases")
        columns = [*RECENT] if column is None else [column, *RECENT]
        op.create_index(f"ix_cases_{name}", "cases", columns, postgresql_include=riding_along)
