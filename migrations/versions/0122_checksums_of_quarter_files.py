"""Know the size and the checksum of each form of a quarter, for the catalogue of data.

The database reckons both from the bytes, so that they are those of the file whoever wrote it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0122"
down_revision = "0121"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "quarter_files", sa.Column("size", sa.BigInteger(), sa.Computed("octet_length(content)", persisted=True))
    )
    op.add_column(
        "quarter_files", sa.Column("sha256", sa.String(), sa.Computed("encode(sha256(content), 'hex')", persisted=True))
    )


def downgrade() -> None:
    op.drop_column("quarter_files", "sha256")
    op.drop_column("quarter_files", "size")
