"""What colleagues of the desk are told of, and how each of them wants to hear it."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

CHOICES = ("elk", "dagelijks", "geen")


def upgrade() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("once_key", sa.String(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_notifications_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["accounts.id"], name=op.f("fk_notifications_actor_id_accounts")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_notifications_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("once_key", name=op.f("uq_notifications_once_key")),
    )
    op.create_index("ix_notifications_account", "notifications", ["account_id", "id"])
    op.create_index(op.f("ix_notifications_case_id"), "notifications", ["case_id"])
    op.create_index(op.f("ix_notifications_ends_on"), "notifications", ["ends_on"])
    op.create_index(
        "ix_notifications_unread", "notifications", ["account_id"], postgresql_where=sa.text("read_at IS NULL")
    )
    op.add_column("accounts", sa.Column("notification_choice", sa.String(length=40), nullable=True))
    op.create_check_constraint(
        op.f("ck_accounts_notificationchoice"), "accounts", sa.column("notification_choice").in_(CHOICES)
    )


def downgrade() -> None:
    op.drop_column("accounts", "notification_choice")
    op.drop_table("notifications")
