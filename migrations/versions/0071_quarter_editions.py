"""What everybody may read of a sealed quarter, kept to the letter."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

APP_ROLE = "knelpunt_app"
TABLE = "quarter_editions"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["quarter"], ["quarter_seals.quarter"], name=op.f("fk_quarter_editions_quarter_quarter_seals")
        ),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_quarter_editions")),
    )
    op.execute(
        f"CREATE TRIGGER {TABLE}_stay BEFORE UPDATE OR DELETE ON {TABLE}"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change_of_seal()"
    )
    op.execute(
        f"CREATE TRIGGER {TABLE}_are_never_emptied BEFORE TRUNCATE ON {TABLE}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_seal()"
    )
    if op.get_bind().scalar(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": APP_ROLE}):
        op.execute(f"REVOKE ALL ON {TABLE} FROM {APP_ROLE}")
        op.execute(f"GRANT SELECT, INSERT ON {TABLE} TO {APP_ROLE}")


def downgrade() -> None:
    op.drop_table(TABLE)
