"""A theme of its own for a case whose submitter did not know: it was kept as "something else"."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = ("cases", "published_cases", "guide_versions")
THEMES = (
    "wonen",
    "leegstand",
    "openbare_ruimte",
    "energie",
    "natuur_en_water",
    "zorg_en_welzijn",
    "onderwijs",
    "werk_en_inkomen",
    "winkels_en_horeca",
    "verkeer_en_vervoer",
    "cultuur_en_sport",
    "veiligheid",
    "anders",
)


def upgrade() -> None:
    """What is there stays as it is: which of "something else" were meant as unknown, nothing tells."""
    for table in TABLES:
        _allow(table, (*THEMES, "onbekend"))


def downgrade() -> None:
    for table in TABLES:
        rows = sa.table(table, sa.column("theme"))
        op.execute(rows.update().where(rows.c.theme == "onbekend").values(theme="anders"))
        _allow(table, THEMES)


def _allow(table: str, themes: tuple[str, ...]) -> None:
    name = op.f(f"ck_{table}_theme")
    op.drop_constraint(name, table)
    op.create_check_constraint(name, table, sa.column("theme").in_(themes))
