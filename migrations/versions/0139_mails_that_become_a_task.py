"""Let the preview of a bulk act say that a mail becomes a task, because the address of the submitter is not there."""

import sqlalchemy as sa
from alembic import op

revision = "0139"
down_revision = "0138"
branch_labels = None
depends_on = None

BEFORE = ("mail", "brief", "pagina", "niemand")
TASK = "taak"


def _may_be(ways: tuple[str, ...]) -> None:
    name = op.f("ck_bulk_cases_reach")
    op.drop_constraint(name, "bulk_cases", type_="check")
    op.create_check_constraint(name, "bulk_cases", sa.column("reach").in_(ways))


def upgrade() -> None:
    _may_be((*BEFORE, TASK))


def downgrade() -> None:
    op.execute("UPDATE bulk_cases SET reach = 'mail' WHERE reach = 'taak'")
    _may_be(BEFORE)
