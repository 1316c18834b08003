"""Errata on rule bottlenecks: the news that is corrected, and what came of it and lapses."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

TOUCHES = ("te_beoordelen", "geraakt", "niet_geraakt")
LAPSED = "vervallen"


def upgrade() -> None:
    op.add_column("bottleneck_news", sa.Column("corrects_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_bottleneck_news_corrects_id_bottleneck_news"),
        "bottleneck_news",
        "bottleneck_news",
        ["corrects_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.add_column("law_changes", sa.Column("taken_back_on", sa.Date(), nullable=True))
    _allow((*TOUCHES, LAPSED))


def downgrade() -> None:
    """What lapsed waits for a person again."""
    op.execute(
        "UPDATE law_change_touches SET status = 'te_beoordelen', decided_by_id = NULL, decided_at = NULL"
        " WHERE status = 'vervallen'"
    )
    _allow(TOUCHES)
    op.drop_column("law_changes", "taken_back_on")
    op.drop_column("bottleneck_news", "corrects_id")


def _allow(statuses: tuple[str, ...]) -> None:
    name = op.f("ck_law_change_touches_touchstatus")
    op.drop_constraint(name, "law_change_touches")
    op.create_check_constraint(name, "law_change_touches", sa.column("status").in_(statuses))
