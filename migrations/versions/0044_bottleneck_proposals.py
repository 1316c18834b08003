"""Steps of a rule bottleneck that wait for a second person."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

STEPS = (
    "regelknelpunt_gesignaleerd",
    "regelknelpunt_in_analyse",
    "regelknelpunt_keuze_gemaakt",
    "regelknelpunt_gerechtvaardigd",
    "regelknelpunt_in_voorbereiding",
    "regelknelpunt_in_consultatie",
    "regelknelpunt_in_behandeling",
    "regelknelpunt_in_werking",
    "regelknelpunt_geevalueerd",
    "regelknelpunt_opgegaan_in",
    "regelknelpunt_nieuws",
    "regelknelpunt_erratum",
)
STATUSES = ("voorgelegd", "akkoord", "teruggegeven", "ingetrokken")


def upgrade() -> None:
    op.create_table(
        "bottleneck_proposals",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("bottleneck_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "step",
            sa.Enum(*STEPS, name="bottleneckstep", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(*STATUSES, name="bottleneckproposalstatus", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("proposed_by_id", sa.BigInteger(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("pass_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(status = 'voorgelegd') = (decided_at IS NULL)", name=op.f("ck_bottleneck_proposals_decided")
        ),
        sa.CheckConstraint(
            "status IN ('voorgelegd', 'ingetrokken') OR decided_by_id <> proposed_by_id",
            name=op.f("ck_bottleneck_proposals_four_eyes"),
        ),
        sa.CheckConstraint(
            "step = 'regelknelpunt_gesignaleerd' OR bottleneck_id IS NOT NULL",
            name=op.f("ck_bottleneck_proposals_has_bottleneck"),
        ),
        sa.ForeignKeyConstraint(
            ["bottleneck_id"],
            ["bottlenecks.id"],
            name=op.f("fk_bottleneck_proposals_bottleneck_id_bottlenecks"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_bottleneck_proposals_decided_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["accounts.id"], name=op.f("fk_bottleneck_proposals_proposed_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bottleneck_proposals")),
    )
    waits = sa.text("status = 'voorgelegd'")
    op.create_index(op.f("ix_bottleneck_proposals_bottleneck_id"), "bottleneck_proposals", ["bottleneck_id"])
    op.create_index("ix_bottleneck_proposals_open", "bottleneck_proposals", ["id"], postgresql_where=waits)
    op.create_index(
        "uq_bottleneck_proposals_waiting",
        "bottleneck_proposals",
        ["bottleneck_id"],
        unique=True,
        postgresql_where=waits,
    )


def downgrade() -> None:
    op.drop_table("bottleneck_proposals")
