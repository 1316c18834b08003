"""Which mails a submitter wants, and the address that mail did not reach."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CHOICES = ("alles", "mijn_beurt", "alleen_nodig")


def upgrade() -> None:
    for table in ("contacts", "accounts"):
        op.add_column(table, sa.Column("mail_choice", sa.String(length=40), nullable=True))
        op.create_check_constraint(op.f(f"ck_{table}_mailchoice"), table, sa.column("mail_choice").in_(CHOICES))
    op.add_column("contacts", sa.Column("undelivered_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("contacts", "undelivered_at")
    for table in ("accounts", "contacts"):
        op.drop_constraint(op.f(f"ck_{table}_mailchoice"), table)
        op.drop_column(table, "mail_choice")
