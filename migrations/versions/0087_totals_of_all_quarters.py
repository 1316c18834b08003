"""The total of all quarters beside those of each, from which the last years are told; and an index on what presses.

Code of before does not keep the new totals: what it writes after this step is never counted in them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None
needs_stop = True

NAME, TABLE = "ix_figure_facts_pressed", "figure_facts"
PRESSES = sa.text("kind = 'knelt'")


def upgrade() -> None:
    op.execute("LOCK TABLE figure_totals IN SHARE ROW EXCLUSIVE MODE")
    op.execute(
        "INSERT INTO figure_totals (kind, split, quarter, side, amount)"
        " SELECT kind, split, date '9999-01-01', side, sum(amount) FROM figure_totals"
        " WHERE kind IN ('open', 'knelt', 'klok-loopt-te-laat', 'antwoord-verschuldigd')"
        " OR (kind, split) IN (('ontvangen', 'totaal'), ('ontvangen', 'gemeente'), ('afgehandeld', 'totaal'))"
        " GROUP BY kind, split, side HAVING sum(amount) <> 0"
    )
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(
        NAME,
        TABLE,
        ["law_id", sa.text("coalesce(provision_id, 0)"), sa.text("coalesce(until, 'infinity'::date)")],
        postgresql_include=["quarter", "article", "municipality_id", "provision_id", "until"],
        postgresql_where=PRESSES,
    )


def downgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(
        NAME,
        TABLE,
        ["law_id", "provision_id"],
        postgresql_include=["quarter", "until", "article", "municipality_id"],
        postgresql_where=PRESSES,
    )
    op.execute("DELETE FROM figure_totals WHERE quarter = '9999-01-01'")
