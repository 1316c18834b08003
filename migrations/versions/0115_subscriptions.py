"""Addresses that hear by mail of what becomes public about a municipality, theme, law or search."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0115"
down_revision = "0110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(), server_default="nl", nullable=False),
        sa.Column("topics", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("asked", sa.String(), nullable=True),
        sa.Column("confirm_nonce", sa.String(), nullable=True),
        sa.Column("looked_on", sa.Date(), nullable=True),
        sa.Column("told", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("email", name=op.f("uq_subscriptions_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_subscriptions_public_id")),
    )
    op.create_index(op.f("ix_subscriptions_ends_on"), "subscriptions", ["ends_on"])
    op.create_index(op.f("ix_subscriptions_looked_on"), "subscriptions", ["looked_on"])


def downgrade() -> None:
    op.drop_index(op.f("ix_subscriptions_looked_on"), table_name="subscriptions")
    op.drop_index(op.f("ix_subscriptions_ends_on"), table_name="subscriptions")
    op.drop_table("subscriptions")
