"""Know the size and the checksum of each form of a quarter, for the catalogue of data.

The database reckons both from the bytes, so that they are those of the file whoever wrote it.
"""

from alembic import op

revision = "0122"
down_revision = "0121"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # in one statement, since each rewrites the table with all of its files while nobody can read them
    op.execute(
        "ALTER TABLE quarter_files"
        " ADD COLUMN size bigint GENERATED ALWAYS AS (octet_length(content)) STORED,"
        " ADD COLUMN sha256 varchar GENERATED ALWAYS AS (encode(sha256(content), 'hex')) STORED"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE quarter_files DROP COLUMN sha256, DROP COLUMN size")
