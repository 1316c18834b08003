"""Colleagues who are named in an internal note."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "note_mentions",
        sa.Column("note_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_note_mentions_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_note_mentions_note_id_notes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("note_id", "account_id", name=op.f("pk_note_mentions")),
    )
    op.create_index(op.f("ix_note_mentions_account_id"), "note_mentions", ["account_id"])


def downgrade() -> None:
    op.drop_table("note_mentions")
