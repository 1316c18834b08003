"""The question whether a project went ahead, three and twelve months after its case was closed."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aftercare",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("period_id", sa.BigInteger(), nullable=False),
        sa.Column("months", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "ja",
                "nog_bezig",
                "nog_vast",
                "nee",
                name="aftercareanswer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("asks_reopening", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_aftercare_case_id_cases"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["period_id"],
            ["clock_periods.id"],
            name=op.f("fk_aftercare_period_id_clock_periods"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aftercare")),
        sa.UniqueConstraint("period_id", name=op.f("uq_aftercare_period_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_aftercare_public_id")),
    )
    op.create_index("ix_aftercare_case", "aftercare", ["case_id", "id"])
    op.create_index(op.f("ix_aftercare_answered_on"), "aftercare", ["answered_on"])
    op.create_index(
        "ix_aftercare_to_settle", "aftercare", ["id"], postgresql_where=sa.text("asks_reopening AND settled_on IS NULL")
    )


def downgrade() -> None:
    op.drop_table("aftercare")
