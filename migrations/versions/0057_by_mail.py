"""What a submitter mailed: a kind of message, a way of consenting, and mails once a week."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

CLOSED_LISTS = (
    ("messages", "kind", "messagekind", ("vraag", "antwoord", "aanvulling", "bericht", "bezwaar_tegen_tekst"), "mail",
        "aanvulling"),
    ("referrals", "consent", "consentsource", ("op_de_pagina", "telefoon", "brief", "balie"), "e-mail", "brief"),
    ("contacts", "mail_choice", "mailchoice", ("alles", "mijn_beurt", "alleen_nodig"), "per_week", "alles"),
    ("accounts", "mail_choice", "mailchoice", ("alles", "mijn_beurt", "alleen_nodig"), "per_week", "alles"),
)  # fmt: skip
"""Table, column, name of the CHECK, what it allowed, what is new, and what that was before."""


def upgrade() -> None:
    for table, column, name, values, new, _before in CLOSED_LISTS:
        _allow(table, column, name, (*values, new))


def downgrade() -> None:
    for table, column, name, values, new, before in CLOSED_LISTS:
        rows = sa.table(table, sa.column(column))
        op.execute(rows.update().where(rows.c[column] == new).values({column: before}))
        _allow(table, column, name, values)


def _allow(table: str, column: str, name: str, values: tuple[str, ...]) -> None:
    check = op.f(f"ck_{table}_{name}")
    op.drop_constraint(check, table)
    op.create_check_constraint(check, table, sa.column(column).in_(values))
