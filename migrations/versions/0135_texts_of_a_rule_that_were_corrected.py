"""Keep what was corrected in the public texts of a rule bottleneck, and let a correction wait for a second person."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0135"
down_revision = "0134"
branch_labels = None
depends_on = None

BEFORE = (
    "regelknelpunt_gesignaleerd",
    "regelknelpunt_in_analyse",
    "regelknelpunt_keuze_gemaakt",
    "regelknelpunt_gerechtvaardigd",
    "regelknelpunt_in_voorbereiding",
    "regelknelpunt_in_consultatie",
    "regelknelpunt_in_behandeling",
    "regelknelpunt_in_werking",
    "regelknelpunt_geevalueerd",
    "regelknelpunt_opgegaan_in",
    "regelknelpunt_nieuws",
    "regelknelpunt_erratum",
)
CORRECTION = "regelknelpunt_gecorrigeerd"
TABLES = ("bottlenecks", "bottleneck_news")


def _may_be(steps: tuple[str, ...]) -> None:
    name = op.f("ck_bottleneck_proposals_bottleneckstep")
    op.drop_constraint(name, "bottleneck_proposals", type_="check")
    op.create_check_constraint(name, "bottleneck_proposals", sa.column("step").in_(steps))


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("corrections", JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False))
    op.add_column("bottleneck_news", sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True))
    _may_be((*BEFORE, CORRECTION))


def downgrade() -> None:
    op.execute("DELETE FROM bottleneck_proposals WHERE step = 'regelknelpunt_gecorrigeerd'")
    _may_be(BEFORE)
    op.drop_column("bottleneck_news", "corrected_at")
    for table in TABLES:
        op.drop_column(table, "corrections")
