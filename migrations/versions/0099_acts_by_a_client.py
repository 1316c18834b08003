"""Acts by a system of an organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0099"
down_revision = "0098"
branch_labels = None
depends_on = None

NAME = "ck_events_actorkind"
BEFORE = ("account", "volglink", "antwoordlink", "bezoeker", "systeem")


def upgrade() -> None:
    op.drop_constraint(op.f(NAME), "events")
    op.create_check_constraint(op.f(NAME), "events", sa.column("actor_kind").in_((*BEFORE, "koppeling")))


def downgrade() -> None:
    """Events are never changed: those by such a system stay, and only new ones are refused."""
    op.drop_constraint(op.f(NAME), "events")
    kinds = ", ".join(f"'{kind}'" for kind in BEFORE)
    op.execute(f"ALTER TABLE events ADD CONSTRAINT {NAME} CHECK (actor_kind IN ({kinds})) NOT VALID")
