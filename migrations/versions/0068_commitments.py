"""What was promised to the Kamer: its steps, and the cases and bottlenecks it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "commitments",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("toezegging", "motie", name="commitmentkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=True),
        sa.Column("paper", sa.String(), nullable=True),
        sa.Column("source_url", sa.String(), nullable=True),
        sa.Column("made_when", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "geregistreerd",
                "gepland",
                "in_uitvoering",
                "gemeld",
                "voldaan",
                "deels_voldaan",
                name="commitmentstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("made_by_id", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["accounts.id"], name=op.f("fk_commitments_made_by_id_accounts")),
        sa.ForeignKeyConstraint(["owner_id"], ["accounts.id"], name=op.f("fk_commitments_owner_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
    )
    op.create_index(
        "ix_commitments_due_on", "commitments", ["due_on"], unique=False, postgresql_where=sa.text("due_on IS NOT NULL")
    )
    op.create_index(op.f("ix_commitments_owner_id"), "commitments", ["owner_id"], unique=False)
    op.create_index("ix_commitments_status", "commitments", ["status", "id"], unique=False)
    op.create_table(
        "commitment_cases",
        sa.Column("commitment_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_commitment_cases_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_cases_commitment_id_commitments")
        ),
        sa.PrimaryKeyConstraint("commitment_id", "case_id", name=op.f("pk_commitment_cases")),
    )
    op.create_index(op.f("ix_commitment_cases_case_id"), "commitment_cases", ["case_id"], unique=False)
    op.create_table(
        "commitment_bottlenecks",
        sa.Column("commitment_id", sa.BigInteger(), nullable=False),
        sa.Column("bottleneck_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bottleneck_id"], ["bottlenecks.id"], name=op.f("fk_commitment_bottlenecks_bottleneck_id_bottlenecks")
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_bottlenecks_commitment_id_commitments")
        ),
        sa.PrimaryKeyConstraint("commitment_id", "bottleneck_id", name=op.f("pk_commitment_bottlenecks")),
    )
    op.create_index(
        op.f("ix_commitment_bottlenecks_bottleneck_id"), "commitment_bottlenecks", ["bottleneck_id"], unique=False
    )
    op.create_table(
        "commitment_news",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("commitment_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "geregistreerd",
                "gepland",
                "in_uitvoering",
                "gemeld",
                "voldaan",
                "deels_voldaan",
                name="commitmentstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_commitment_news_author_id_accounts")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_news_commitment_id_commitments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_news")),
    )
    op.create_index("ix_commitment_news_commitment", "commitment_news", ["commitment_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("commitment_news")
    op.drop_table("commitment_bottlenecks")
    op.drop_table("commitment_cases")
    op.drop_table("commitments")
