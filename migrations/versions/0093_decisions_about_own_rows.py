"""Whose a row is in which somebody is found, and what goes along with a copy of the data."""

import sqlalchemy as sa
from alembic import op

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None

DECISIONS = ("open", "weghalen", "laten_staan")
GROUNDS = ("ander_persoon", "archiefwet", "functie", "rechtsvordering", "logboek", "verzegeld")
GIVE, RIGHTS_OF_OTHERS = "meegeven", "rechten_anderen"


def upgrade() -> None:
    op.add_column("privacy_places", sa.Column("is_own", sa.Boolean(), server_default=sa.false(), nullable=False))
    _allow("decision", "placedecision", (*DECISIONS, GIVE))
    _allow("ground", "ground", (*GROUNDS, RIGHTS_OF_OTHERS))


def downgrade() -> None:
    op.execute("UPDATE privacy_places SET decision = 'open', ground = NULL WHERE decision = 'meegeven'")
    op.execute("UPDATE privacy_places SET decision = 'open', ground = NULL WHERE ground = 'rechten_anderen'")
    _allow("ground", "ground", GROUNDS)
    _allow("decision", "placedecision", DECISIONS)
    op.drop_column("privacy_places", "is_own")


def _allow(column: str, name: str, members: tuple[str, ...]) -> None:
    constraint = op.f(f"ck_privacy_places_{name}")
    op.drop_constraint(constraint, "privacy_places")
    op.create_check_constraint(constraint, "privacy_places", sa.column(column).in_(members))
