"""Keep which files of open data were made: each under a name that never stands for other bytes."""

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_data_files",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("data_set", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_version", sa.String(), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("stored_name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_open_data_files")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_open_data_files_stored_name")),
    )


def downgrade() -> None:
    op.drop_table("open_data_files")
