"""Sealed quarters: the request, the seal that nothing changes, and the corrections beside it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

APP_ROLE = "knelpunt_app"
IMMUTABLE = ("quarter_seals", "quarter_errata")


def upgrade() -> None:
    op.create_table(
        "quarter_sealings",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("explanations", postgresql.JSONB(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "gevraagd",
                "verzegeld",
                "teruggegeven",
                name="sealingstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.CheckConstraint("(status = 'gevraagd') = (decided_at IS NULL)", name=op.f("ck_quarter_sealings_decided")),
        sa.CheckConstraint(
            "status <> 'verzegeld' OR decided_by_id <> asked_by_id", name=op.f("ck_quarter_sealings_four_eyes")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["accounts.id"], name=op.f("fk_quarter_sealings_asked_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_quarter_sealings_decided_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_sealings")),
    )
    op.create_index(
        "uq_quarter_sealings_asked",
        "quarter_sealings",
        ["quarter"],
        unique=True,
        postgresql_where=sa.text("status = 'gevraagd'"),
    )
    op.create_table(
        "quarter_seals",
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        sa.Column("event_hash", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed_by_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["accounts.id"], name=op.f("fk_quarter_seals_asked_by_id_accounts")),
        sa.ForeignKeyConstraint(["sealed_by_id"], ["accounts.id"], name=op.f("fk_quarter_seals_sealed_by_id_accounts")),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_quarter_seals")),
    )
    op.create_table(
        "quarter_errata",
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("sealed_as", sa.String(), nullable=False),
        sa.Column("should_be", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["accounts.id"], name=op.f("fk_quarter_errata_made_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["quarter"], ["quarter_seals.quarter"], name=op.f("fk_quarter_errata_quarter_quarter_seals")
        ),
        sa.PrimaryKeyConstraint("quarter", "number", name=op.f("pk_quarter_errata")),
    )
    op.execute(
        """
        CREATE FUNCTION refuse_change_of_seal() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'a sealed quarter does not change' USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    for table in IMMUTABLE:
        op.execute(
            f"CREATE TRIGGER {table}_stay BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change_of_seal()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_are_never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_seal()"
        )
        if op.get_bind().scalar(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": APP_ROLE}):
            op.execute(f"REVOKE ALL ON {table} FROM {APP_ROLE}")
            op.execute(f"GRANT SELECT, INSERT ON {table} TO {APP_ROLE}")


def downgrade() -> None:
    op.drop_table("quarter_errata")
    op.drop_table("quarter_seals")
    op.drop_table("quarter_sealings")
    op.execute("DROP FUNCTION refuse_change_of_seal")
