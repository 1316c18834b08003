"""What a ministry says about its own number in a quarter."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ministry_replies",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("ministry_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("noted_by_id", sa.BigInteger(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ministry_id"], ["organisations.id"], name=op.f("fk_ministry_replies_ministry_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["accounts.id"], name=op.f("fk_ministry_replies_noted_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ministry_replies")),
    )
    op.create_index("ix_ministry_replies_quarter", "ministry_replies", ["quarter", "ministry_id", "id"])
    op.create_index(op.f("ix_ministry_replies_ministry_id"), "ministry_replies", ["ministry_id"])


def downgrade() -> None:
    op.drop_table("ministry_replies")
