"""A session says in which browser it is, how it began, and whether that browser was new."""

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

METHODS = ("wachtwoord", "toegangssleutel", "organisatie")


def upgrade() -> None:
    op.add_column("login_sessions", sa.Column("browser", sa.String()))
    method = sa.Enum(*METHODS, name="loginmethod", native_enum=False, length=40)
    op.add_column("login_sessions", sa.Column("method", method, server_default="wachtwoord", nullable=False))
    op.create_check_constraint(
        op.f("ck_login_sessions_loginmethod"), "login_sessions", sa.column("method").in_(METHODS)
    )
    op.add_column("login_sessions", sa.Column("is_new_device", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("login_sessions", "is_new_device")
    op.drop_constraint(op.f("ck_login_sessions_loginmethod"), "login_sessions")
    op.drop_column("login_sessions", "method")
    op.drop_column("login_sessions", "browser")
