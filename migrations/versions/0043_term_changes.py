"""Changes of terms that two administrators make, and which terms are ahead of the file."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

CLOCKS = "K0 K1 K2 K3 K4 K5 K6 K7 K8 K9 afsluiting aanvulling inzage"
UNITS = "werkdagen dagen weken maanden"


def _one_of(words: str, name: str) -> sa.Enum:
    return sa.Enum(*words.split(), name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "term_changes",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("clock", _one_of(CLOCKS, "clock"), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("before_length", sa.BigInteger(), nullable=False),
        sa.Column("before_unit", _one_of(UNITS, "before_unit"), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("unit", _one_of(UNITS, "unit"), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("base_digest", sa.String(), nullable=False),
        sa.Column(
            "status", _one_of("voorgesteld vastgesteld afgewezen ingetrokken", "termchangestatus"), nullable=False
        ),
        sa.Column("proposed_by_id", sa.BigInteger(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint("(status = 'voorgesteld') = (decided_at IS NULL)", name=op.f("ck_term_changes_decided")),
        sa.CheckConstraint(
            "status IN ('voorgesteld', 'ingetrokken') OR decided_by_id <> proposed_by_id",
            name=op.f("ck_term_changes_four_eyes"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_term_changes_decided_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["accounts.id"], name=op.f("fk_term_changes_proposed_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_changes")),
    )
    op.create_index("ix_term_changes_clock", "term_changes", ["clock", "id"], unique=False)
    op.create_index(
        "uq_term_changes_waiting",
        "term_changes",
        ["clock"],
        unique=True,
        postgresql_where=sa.text("status = 'voorgesteld'"),
    )
    op.add_column("terms", sa.Column("is_ahead_of_file", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("terms", "is_ahead_of_file")
    op.drop_table("term_changes")
