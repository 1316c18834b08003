"""The terms of drafts, of guides and of their use are rows; a site that has terms gets these at once.

Code that reads them must not have to wait for the file to be loaded. A site without terms gets all of them from it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None

CLOCKS = ("K0", "K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8", "K9", "afsluiting", "aanvulling", "inzage")
CLOCKS += ("toestemming", "overdracht", "na_afwijzing", "eigenaar")
NEW = ("concept", "hercontrole", "gebruik")
PLACES = (("terms", "clock"), ("term_changes", "clock"), ("clock_periods", "clock"), ("cases", "due_clock"))


ROWS = (
    ("concept", 60, "dagen", "Eigen termijn van het loket. Dan krijgt wie een melding niet afmaakte bericht."),
    ("concept", 90, "dagen", "Eigen termijn van het loket. Dan gaat een melding weg die niet is afgemaakt."),
    ("hercontrole", 24, "maanden", "Eigen termijn van het loket."),
    ("gebruik", 3, "maanden", "Eigen termijn van het loket. Loopt vanaf de dag waarop de gemeente begint."),
    ("gebruik", 12, "maanden", "Eigen termijn van het loket. Alleen als er nog geen antwoord is."),
)


def upgrade() -> None:
    for table, column in PLACES:
        _allow(table, column, (*CLOCKS, *NEW), postgresql_not_valid=True)
    for clock, length, unit, source in ROWS:
        op.execute(
            sa.text(
                "INSERT INTO terms (clock, length, unit, may_be_suspended, valid_from, source)"
                " SELECT :clock, :length, :unit, false, date '2013-11-01', :source"
                " WHERE EXISTS (SELECT FROM terms WHERE clock = 'K1') ON CONFLICT DO NOTHING"
            ).bindparams(clock=clock, length=length, unit=unit, source=source)
        )
    # Every row is read while others go on writing; a kill in between is mended by running it again.
    with op.get_context().autocommit_block():
        for table, _ in PLACES:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_clock")


def downgrade() -> None:
    for table in ("term_changes", "terms"):
        op.execute(
            sa.text(f"DELETE FROM {table} WHERE clock IN :clocks").bindparams(  # noqa: S608 - a fixed name
                sa.bindparam("clocks", NEW, expanding=True)
            )
        )
    for table, column in PLACES:
        _allow(table, column, CLOCKS)


def _allow(table: str, column: str, clocks: tuple[str, ...], **options: bool) -> None:
    name = op.f(f"ck_{table}_clock")
    op.drop_constraint(name, table)
    op.create_check_constraint(name, table, sa.column(column).in_(clocks), **options)
