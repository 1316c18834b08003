"""Subscriptions that mirror cases in the case system of an organisation, and why that system refused one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None

BEFORE = (
    "gelukt",
    "geweigerd",
    "te_druk",
    "adres_vervallen",
    "doorgestuurd",
    "geen_antwoord",
    "te_langzaam",
    "verboden_adres",
    "geen_toestemming",
    "eigen_fout",
)
AFTER = (*BEFORE[:-1], "afgewezen", "deels_gelukt", BEFORE[-1])


def _may_be(outcomes: tuple[str, ...]) -> None:
    name = op.f("ck_event_tries_tryoutcome")
    op.drop_constraint(name, "event_tries", type_="check")
    op.create_check_constraint(name, "event_tries", sa.column("outcome").in_(outcomes))


def upgrade() -> None:
    op.add_column("event_subscriptions", sa.Column("zgw", JSONB()))
    op.create_index(
        "uq_event_subscriptions_one_mirror",
        "event_subscriptions",
        ["organisation_id"],
        unique=True,
        postgresql_where=sa.text("zgw IS NOT NULL AND ended_at IS NULL"),
    )
    op.add_column("event_tries", sa.Column("detail", sa.String()))
    _may_be(AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM event_subscriptions WHERE zgw IS NOT NULL")
    op.execute("DELETE FROM event_tries WHERE outcome IN ('afgewezen', 'deels_gelukt')")
    _may_be(BEFORE)
    op.drop_column("event_tries", "detail")
    op.drop_index("uq_event_subscriptions_one_mirror", table_name="event_subscriptions")
    op.drop_column("event_subscriptions", "zgw")
