"""A second factor: a secret for codes, recovery codes, and what two administrators do when both are lost.

Who works at the ministry has to set it up before anything else, so that sessions of before wait for it too.
"""

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

STATUSES = ("gevraagd", "uitgevoerd", "afgewezen")


def upgrade() -> None:
    op.add_column("login_sessions", sa.Column("factor_due", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("login_sessions", sa.Column("second_factor_at", sa.DateTime(timezone=True)))
    op.create_table(
        "totp_factors",
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed_secret", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_step", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_totp_factors_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_totp_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_recovery_codes_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_account_id"), "recovery_codes", ["account_id"])
    op.create_table(
        "factor_resets",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("status", sa.Enum(*STATUSES, name="factorresetstatus", native_enum=False, length=40), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(sa.column("status").in_(STATUSES), name=op.f("ck_factor_resets_factorresetstatus")),
        sa.CheckConstraint("decided_by_id <> asked_by_id", name=op.f("ck_factor_resets_four_eyes")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_factor_resets_account_id_accounts")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["accounts.id"], name=op.f("fk_factor_resets_asked_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_factor_resets_decided_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_resets")),
    )
    op.create_index(op.f("ix_factor_resets_account_id"), "factor_resets", ["account_id"])
    op.create_index(
        "uq_factor_resets_asked",
        "factor_resets",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("status = 'gevraagd'"),
    )


def downgrade() -> None:
    op.drop_table("factor_resets")
    op.drop_table("recovery_codes")
    op.drop_table("totp_factors")
    op.drop_column("login_sessions", "second_factor_at")
    op.drop_column("login_sessions", "factor_due")
