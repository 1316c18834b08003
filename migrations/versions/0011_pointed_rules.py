"""The rules of the catalogue that a submitter points at, and that a submitter does not know the rule."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pointed_rules",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("law_id", sa.BigInteger(), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_pointed_rules_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["law_id"], ["laws.id"], name=op.f("fk_pointed_rules_law_id_laws")),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provisions.id"], name=op.f("fk_pointed_rules_provision_id_provisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pointed_rules")),
    )
    op.create_index(op.f("ix_pointed_rules_case_id"), "pointed_rules", ["case_id"], unique=False)
    op.create_index("ix_pointed_rules_law_case", "pointed_rules", ["law_id", "case_id"], unique=False)
    op.create_index(op.f("ix_pointed_rules_provision_id"), "pointed_rules", ["provision_id"], unique=False)
    op.add_column("cases", sa.Column("rule_is_unknown", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("cases", "rule_is_unknown")
    op.drop_table("pointed_rules")
